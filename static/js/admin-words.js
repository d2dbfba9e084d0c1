// Take words of the source selected with the mouse, or from a word with Shift and the arrow keys.
"use strict";

(() => {
  const form = document.querySelector("[data-words]");
  if (!form) return;
  const words = [...form.querySelectorAll(".word")];
  const bar = form.querySelector("[data-selected]");
  const link = form.querySelector("[data-selected-link]");
  let fixed = null;
  document.querySelector("[data-words-hint]").hidden = false;

  const count = (text) => [...text].length;
  const text = (word) => word.textContent;

  // The first and the last selected character, as the address of the page names them.
  const place = (range) => {
    const touched = words.filter((word) => range.intersectsNode(word));
    let [low, high] = [touched[0], touched[touched.length - 1]];
    if (!low) return null;
    const within = (word, node, offset, otherwise) =>
      node.nodeType === Node.TEXT_NODE && word.contains(node) ? count(node.data.slice(0, offset)) : otherwise;
    let before = within(low, range.startContainer, range.startOffset, 0);
    let upTo = within(high, range.endContainer, range.endOffset, count(text(high)));
    if (low !== high && before === count(text(low))) [low, before] = [touched[1], 0];
    if (low !== high && upTo === 0) {
      high = touched[touched.length - 2];
      upTo = count(text(high));
    }
    if (low === high && before >= upTo) return null;
    const isWhole = before === 0 && upTo === count(text(high));
    const last = Number(high.dataset.start) + (isWhole ? 0 : upTo - 1);
    return { first: Number(low.dataset.start) + before, last, isWhole };
  };

  const show = () => {
    const selection = document.getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const found = range && range.intersectsNode(form) ? place(range) : null;
    bar.hidden = !found;
    if (!found) return;
    const address = new URL(window.location.pathname, window.location.href);
    const filters = form.elements.namedItem("_changelist_filters");
    if (filters) address.searchParams.set(filters.name, filters.value);
    const unit = found.isWhole ? form.dataset.unit : "character";
    if (unit !== "word") address.searchParams.set("unit", unit);
    address.searchParams.set("first", found.first);
    address.searchParams.set("last", found.last);
    link.href = address;
    form.querySelector("[data-selected-words]").textContent = selection.toString().replace(/\s+/g, "");
  };

  const mark = () => {
    const last = words.findIndex((word) => word.querySelector(":checked"));
    const isLast = form.elements.namedItem("first") instanceof HTMLInputElement;
    words.forEach((word, position) => {
      word.classList.toggle("is-chosen", isLast && position <= last && !word.classList.contains("is-before"));
    });
  };

  form.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = words.indexOf(event.target.closest(".word"));
    if (at >= 0 && step && event.shiftKey) {
      event.preventDefault();
      if (!fixed || fixed.from !== at) fixed = { from: at, to: at };
      fixed.to = Math.min(Math.max(fixed.to + step, 0), words.length - 1);
      const [low, high] = [Math.min(fixed.from, fixed.to), Math.max(fixed.from, fixed.to)];
      document.getSelection().setBaseAndExtent(words[low], 0, words[high], words[high].childNodes.length);
      words[fixed.to].scrollIntoView({ block: "nearest" });
      show();
    } else if (at >= 0 && step) {
      fixed = null;
      document.getSelection().removeAllRanges();
    } else if (at >= 0 && event.key === "Enter" && !bar.hidden) {
      event.preventDefault();
      link.click();
    }
  });

  document.addEventListener("selectionchange", show);
  form.addEventListener("change", mark);
  mark();
})();
