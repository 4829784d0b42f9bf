// Input method guard: during a composition no shortcut, count, save or submit runs.
// Load it before other modules with listeners: it stops the events from propagating.
let isOpen = false;
const held = new Set();
const isField = (target) => /^(input|textarea)$/i.test(target?.tagName || "");

export const isComposing = () => isOpen;

addEventListener("compositionstart", () => { isOpen = true; }, true);
addEventListener("compositionend", () => {
  isOpen = false;
  // After the page's own listeners: dispatch the suppressed event once for each field.
  queueMicrotask(() => {
    for (const target of held) target.dispatchEvent(new Event("input", { bubbles: true }));
    held.clear();
  });
}, true);

// Key code 229 is a key that the input method handles; Safari sends the last Enter after the end.
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
