// Buttons with data-copy="id" copy the text of that element and say so.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const words = document.getElementById(button.dataset.copy);
  if (!words || !navigator.clipboard) continue;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.textContent.trim().replace(/\s+/g, " "));
      button.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(words);
      return;
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
