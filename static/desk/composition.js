// While a Chinese input method composes, nothing of ours acts: no shortcut, no count, no save, no
// submit. Load this before other modules that listen: it stops the events on their way.
let isOpen = false;
const held = new Set();
const isField = (target) => /^(input|textarea)$/i.test(target?.tagName || "");

export const isComposing = () => isOpen;

addEventListener("compositionstart", () => { isOpen = true; }, true);
addEventListener("compositionend", () => {
  isOpen = false;
  // After the page's own listeners: what was held back is told now, once for each field.
  queueMicrotask(() => {
    for (const target of held) target.dispatchEvent(new Event("input", { bubbles: true }));
    held.clear();
  });
}, true);

// 229 is the key that the input method has taken; Safari sends the last Enter after the end.
addEventListener("keydown", (event) => {
  const isTaken = event.isComposing || isOpen || event.keyCode === 229;
  if (isTaken && (isField(event.target) || event.ctrlKey || event.metaKey)) event.stopImmediatePropagation();
  if (isTaken && event.key === "Enter" && isField(event.target)) event.stopImmediatePropagation();
}, true);

addEventListener("input", (event) => {
  if (!isOpen || !isField(event.target)) return;
  held.add(event.target);
  event.stopImmediatePropagation();
}, true);

addEventListener("submit", (event) => {
  if (!isOpen) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
