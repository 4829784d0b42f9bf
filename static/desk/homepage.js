// Drag and drop of headlines and blocks; the buttons do the same without this module.
const lists = document.querySelectorAll("[data-sort]");
await import("../vendor/sortablejs/Sortable.min.js");
const { Sortable } = window;
for (const list of lists) {
  list.classList.add("is-sortable");
  const form = list.parentElement.querySelector("[data-drag]");
  Sortable.create(list, {
    draggable: "[data-key]",
    filter: "button, input, a",
    preventOnFilter: false,
    delay: 200,
    delayOnTouchOnly: true,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    onEnd: ({ item, oldDraggableIndex, newDraggableIndex }) => {
      if (oldDraggableIndex === newDraggableIndex) return;
      form.querySelector("[data-key]").value = item.dataset.key;
      form.querySelector("[data-position]").value = newDraggableIndex + 1;
      form.requestSubmit();
    },
  });
}
