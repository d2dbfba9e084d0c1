// Offer one more blank part without saving first.
"use strict";

document.querySelectorAll("[data-parts]").forEach((section) => {
  const template = section.querySelector("template[data-empty-part]");
  const total = section.querySelector(`[name="${section.dataset.parts}-TOTAL_FORMS"]`);
  if (!template || !total) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "add-part";
  button.textContent = section.dataset.addLabel;
  button.addEventListener("click", () => {
    const number = Number(total.value);
    const holder = document.createElement("div");
    holder.append(template.content.cloneNode(true));
    holder.querySelectorAll("*").forEach((element) => {
      [...element.attributes].forEach((attribute) => {
        if (attribute.value.includes("__prefix__")) {
          attribute.value = attribute.value.replaceAll("__prefix__", number);
        }
      });
    });
    const part = holder.firstElementChild;
    part.open = true;
    template.before(part);
    total.value = number + 1;
    part.dispatchEvent(new CustomEvent("part-added", { bubbles: true }));
    const field = part.querySelector("select, input:not([type=hidden]), textarea");
    if (field) field.focus();
  });
  section.append(button);
});
