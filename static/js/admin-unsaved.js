// Say that a form holds changes that are not saved, and ask before they are left behind.
"use strict";

document.querySelectorAll("[data-unsaved]").forEach((mark) => {
  const form = mark.form;
  const note = document.createElement("p");
  note.className = "unsaved-note";
  note.setAttribute("role", "status");
  const row = form.querySelector(".submit-row:last-of-type");
  (row || form).prepend(note);
  let isSent = false;

  // What the page came with, rather than what stood there when this began: a browser puts back
  // what was typed into a page that is opened again, and that is not saved either.
  const isChanged = (field) => {
    if (field.type === "hidden" || field.disabled) return false;
    if (field.type === "checkbox" || field.type === "radio") {
      return field.checked !== field.defaultChecked;
    }
    if (field.options) {
      const options = [...field.options];
      const usual = options.filter((option) => option.defaultSelected);
      if (!usual.length && !field.multiple) return field.selectedIndex > 0;
      return options.some((option) => option.selected !== option.defaultSelected);
    }
    return "defaultValue" in field && field.value !== field.defaultValue;
  };
  const isUnsaved = () => "isUnsaved" in mark.dataset || [...form.elements].some(isChanged);
  const show = () => {
    const text = isUnsaved() ? mark.dataset.unsaved : "";
    if (note.textContent !== text) note.textContent = text;
  };

  ["input", "change", "click"].forEach((event) => form.addEventListener(event, show));
  form.addEventListener("submit", () => { isSent = true; });
  window.addEventListener("pageshow", () => { isSent = false; show(); });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && isUnsaved()) event.preventDefault();
  });
});
