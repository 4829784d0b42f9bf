// Progressive enhancement of reviews: select all, number of selected rows, and reason phrases with
// one tap. Every form works without this module.
const bar = document.querySelector("[data-bulk]");
if (bar) {
  const all = bar.querySelector("[data-tick-all]");
  const words = bar.querySelector("[data-ticked]");
  const plain = words.textContent;
  const ticks = () => [...document.querySelectorAll('input[name="row"][form="bulk"]')];
  const show = () => {
    const rows = ticks();
    const n = rows.filter((row) => row.checked).length;
    words.textContent = n ? words.dataset.words.replace("N", n) : plain;
    all.checked = n > 0 && n === rows.length;
    all.indeterminate = n > 0 && n < rows.length;
    for (const button of bar.querySelectorAll("button")) button.disabled = n === 0;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const row of ticks()) row.checked = all.checked;
    show();
  });
  document.addEventListener("change", (event) => { if (event.target.name === "row") show(); });
  addEventListener("pageshow", show);
  // "x" selects the current row, as "j" and "k" move between rows.
  addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (/^(input|textarea|select)$/i.test(event.target.tagName) && event.target.type !== "checkbox") return;
    const tick = event.target.closest("[data-row]")?.querySelector('input[name="row"]');
    if (tick) { tick.checked = !tick.checked; show(); }
  });
  show();
}

// Phrases: without this module they are checkboxes, and the server joins them to the reason.
const reason = document.querySelector("textarea[data-reason]");
const boxes = [...document.querySelectorAll('input[name="phrases"]')];
if (reason && boxes.length) {
  const list = document.createElement("div");
  list.className = "phrases";
  for (const box of boxes) {
    const phrase = box.closest("label").textContent.trim();
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.textContent = phrase;
    button.addEventListener("click", () => {
      if (!reason.value.includes(phrase)) reason.value = [reason.value.trimEnd(), phrase].filter(Boolean).join("\n");
      reason.dispatchEvent(new Event("input", { bubbles: true }));
      reason.focus();
    });
    list.append(button);
    if (box.checked) button.click();
    box.checked = false;
  }
  const whole = document.querySelector("#id_phrases");
  whole.replaceWith(list);
}
