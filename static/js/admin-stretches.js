// Take the words of a new notice that are selected with the mouse or the keyboard, to say what they are.
"use strict";

(() => {
  const list = document.querySelector("[data-stretches]");
  const panel = document.querySelector("[data-correcting]");
  if (!list || !panel) return;
  const stretches = [...list.querySelectorAll("[data-start]")];
  const shown = panel.querySelector("[data-selected]");
  const [first, last] = ["first", "last"].map((name) => panel.querySelector(`[name=${name}]`));
  const count = (text) => [...text].length;

  // The offset in the text of a place in a stretch: characters are counted, as the server counts them.
  const offset = (stretch, node, position, otherwise) => {
    const inside = node.nodeType === Node.TEXT_NODE && stretch.contains(node);
    return Number(stretch.dataset.start) + (inside ? count(node.data.slice(0, position)) : otherwise);
  };

  // What was selected stays chosen while the editor says what it is.
  let isSaying = false;
  panel.addEventListener("pointerdown", () => (isSaying = true));
  list.addEventListener("pointerdown", () => (isSaying = false));

  const show = () => {
    const selection = document.getSelection();
    const isElsewhere = isSaying || panel.contains(document.activeElement);
    if (isElsewhere && selection.isCollapsed) return;
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const touched = range ? stretches.filter((stretch) => range.intersectsNode(stretch)) : [];
    const low = touched[0];
    const high = touched[touched.length - 1];
    const start = low && offset(low, range.startContainer, range.startOffset, 0);
    const end = high && offset(high, range.endContainer, range.endOffset, count(high.textContent));
    const isChosen = Boolean(low) && start < end;
    first.value = isChosen ? start : "";
    last.value = isChosen ? end - 1 : "";
    shown.hidden = !isChosen;
    shown.querySelector("[data-selected-words]").textContent = isChosen ? selection.toString().trim().slice(0, 80) : "";
  };

  document.addEventListener("selectionchange", show);
})();
