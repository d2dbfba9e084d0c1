// Show the words between the first and the last one chosen, and take words selected with the mouse.
"use strict";

(() => {
  const form = document.querySelector("[data-recut]");
  if (!form) return;
  const radios = [...form.querySelectorAll(".word input")];
  const name = radios.length ? radios[0].name : "";

  const mark = () => {
    const last = radios.findIndex((radio) => radio.checked);
    radios.forEach((radio, position) => {
      radio.parentElement.classList.toggle("is-chosen", name === "last" && position <= last);
    });
  };

  document.addEventListener("mouseup", () => {
    const selection = document.getSelection();
    if (selection.isCollapsed) return;
    const inside = radios.filter((radio) => selection.containsNode(radio.parentElement, true));
    if (!inside.length) return;
    if (name === "first") {
      const address = new URL(window.location.href);
      address.searchParams.set("first", inside[0].value);
      address.searchParams.set("last", inside[inside.length - 1].value);
      window.location.assign(address);
    } else {
      inside[inside.length - 1].checked = true;
      mark();
    }
  });

  form.addEventListener("change", mark);
  mark();
})();
