// Buttons with data-copy="id" copy the text of that element and say so, also to a screen reader. What
// stands in a field is copied as it is; elsewhere a run of white space is one space.
const said = document.getElementById("copied");
for (const button of document.querySelectorAll("button[data-copy]")) {
  const words = document.getElementById(button.dataset.copy);
  if (!words || !navigator.clipboard) continue;
  const label = [...button.childNodes];
  let later = 0;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.value ?? words.textContent.trim().replace(/\s+/g, " "));
    } catch {
      if (words.select) words.select();
      else getSelection().selectAllChildren(words);
      return;
    }
    button.replaceChildren(button.dataset.copied);
    said.textContent = button.dataset.copied;
    clearTimeout(later);
    later = setTimeout(() => {
      button.replaceChildren(...label);
      said.textContent = "";
    }, 2000);
  });
}
