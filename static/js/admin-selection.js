// Fill a part's words from the words selected in the source's text shown on the page.
"use strict";

(() => {
  const shown = document.querySelector("[data-source-text]");
  if (!shown) return;
  let chosen = null;

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const start = selection.anchorNode && selection.anchorNode.parentElement;
    const text = start && start.closest("[data-source-text]");
    const words = selection.toString().trim();
    if (text && words && text.contains(selection.focusNode)) {
      chosen = { words, text: text.dataset.sourceText, city: text.dataset.city };
    }
  });

  const offer = (area) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "use-selection";
    button.textContent = document.querySelector("[data-use-selection-label]").dataset.useSelectionLabel;
    button.addEventListener("click", () => {
      if (!chosen) return;
      const field = (name) => document.getElementById(area.id.replace(/words$/, name));
      area.value = chosen.words;
      if (field("city") && chosen.city) field("city").value = chosen.city;
      const place = field("stated_in") || field("stands_in");
      if (place && [...place.options].some((option) => option.value === chosen.text)) {
        place.value = chosen.text;
      }
      area.focus();
    });
    area.after(button);
  };

  document.querySelectorAll("textarea[name$=-words]").forEach(offer);
  document.addEventListener("part-added", (event) => {
    event.target.querySelectorAll("textarea[name$=-words]").forEach(offer);
  });
})();
