// Links with data-report take the words that are selected in the page's content to their form. Without
// this script the reader copies them there.
const LONGEST = 2000;
// The server takes a request line of 8,190 bytes, and a letter of Chinese is nine of them in an address.
const LONGEST_ADDRESS = 6000;

const selected = () => {
  const selection = getSelection();
  const inside = selection.anchorNode && document.querySelector("main").contains(selection.anchorNode);
  return inside ? selection.toString().replace(/\s*\n\s*/g, "\n").trim() : "";
};

for (const link of document.querySelectorAll("a[data-report]")) {
  const plain = link.href;
  const take = () => {
    const letters = [...selected()].slice(0, LONGEST);
    const address = new URL(plain);
    // Words too long for an address are cut, not refused: the reader sees what arrived.
    for (let length = letters.length; length; length = Math.floor(length * 0.9)) {
      address.searchParams.set("words", letters.slice(0, length).join(""));
      if (address.href.length <= LONGEST_ADDRESS) break;
      address.searchParams.delete("words");
    }
    link.href = address.href;
  };
  // Before the press lets go of the selection; the keyboard keeps it until it follows the link.
  link.addEventListener("pointerdown", take);
  link.addEventListener("keydown", take);
}
