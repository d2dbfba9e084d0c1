// Say that a file is being read: a long PDF takes some seconds.
"use strict";

(() => {
  const form = document.querySelector("[data-reads]");
  if (!form) return;
  const status = form.querySelector("[data-reading]");
  form.addEventListener("submit", () => {
    status.textContent = status.dataset.reading;
    form.setAttribute("aria-busy", "true");
  });
  // A page brought back from the browser's memory reads nothing.
  window.addEventListener("pageshow", () => {
    status.textContent = "";
    form.removeAttribute("aria-busy");
  });
})();
