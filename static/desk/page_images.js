// Draw the areas of articles on a page image. The form fields are authoritative: drawing changes
// the fields, and input in the fields changes the drawing.
const form = document.querySelector("[data-areas]:not([data-still])");
const picture = document.querySelector(".sheet-picture");
const svg = document.querySelector(".sheet-areas");
const WHOLE = 1000, LEAST = 10, KEYS = ["x", "y", "w", "h"];
const rows = () => [...form.querySelectorAll("[data-area]")];
const field = (row, key) => row.querySelector(`[name=area-${key}]`);
const read = (row) => Object.fromEntries(KEYS.map((key) => [key, Number.parseInt(field(row, key).value, 10)]));
const isDrawn = (area) => KEYS.every((key) => Number.isFinite(area[key]));
let chosen = null;

const write = (row, area) => {
  const w = Math.min(WHOLE, Math.max(LEAST, Math.round(area.w)));
  const h = Math.min(WHOLE, Math.max(LEAST, Math.round(area.h)));
  const inside = { w, h, x: Math.min(WHOLE - w, Math.max(0, Math.round(area.x))), y: Math.min(WHOLE - h, Math.max(0, Math.round(area.y))) };
  for (const key of KEYS) field(row, key).value = inside[key];
  show();
};

// Redraw every row; the focused area keeps the focus.
const show = () => {
  const focused = [...svg.children].indexOf(document.activeElement);
  svg.replaceChildren();
  for (const row of rows()) {
    const area = read(row);
    const number = row.querySelector(".area-number").textContent;
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, key] of [["x", "x"], ["y", "y"], ["width", "w"], ["height", "h"]]) rect.setAttribute(name, isDrawn(area) ? area[key] : 0);
    rect.setAttribute("tabindex", isDrawn(area) ? "0" : "-1");
    rect.setAttribute("role", "button");
    rect.setAttribute("aria-label", `${number} ${row.querySelector(".area-title span").textContent}`);
    svg.append(rect);
    rect.addEventListener("keydown", (event) => byKey(event, row));
  }
  if (focused >= 0) svg.children[focused]?.focus();
};

const byKey = (event, row) => {
  const [dx, dy] = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, -5], ArrowDown: [0, 5] }[event.key] ?? [0, 0];
  if (!dx && !dy) return;
  event.preventDefault();
  const { x, y, w, h } = read(row);
  write(row, event.shiftKey ? { x, y, w: Math.min(w + dx, WHOLE - x), h: Math.min(h + dy, WHOLE - y) } : { x: x + dx, y: y + dy, w, h });
};

const choose = (row) => {
  chosen = row;
  for (const one of rows()) one.querySelector("[data-draw]").setAttribute("aria-pressed", String(one === row));
  picture.classList.toggle("is-drawing", Boolean(row));
};

const at = (event) => {
  const box = svg.getBoundingClientRect();
  const part = (value) => Math.min(WHOLE, Math.max(0, value * WHOLE));
  return { x: part((event.clientX - box.left) / box.width), y: part((event.clientY - box.top) / box.height) };
};

// If an article is chosen, draw a new area; otherwise move the one under the pointer.
const press = (event) => {
  if (event.button) return;
  const place = [...svg.children].indexOf(event.target);
  const row = chosen ?? rows()[place];
  if (!row || (event.pointerType === "touch" && !chosen && document.activeElement !== event.target)) return;
  event.preventDefault();
  const from = at(event), before = read(row);
  svg.setPointerCapture(event.pointerId);
  const follow = (moved) => {
    const to = at(moved);
    if (chosen) write(row, { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), w: Math.abs(to.x - from.x), h: Math.abs(to.y - from.y) });
    else write(row, { ...before, x: before.x + to.x - from.x, y: before.y + to.y - from.y });
  };
  svg.addEventListener("pointermove", follow);
  svg.addEventListener("lostpointercapture", () => {
    svg.removeEventListener("pointermove", follow);
    const next = chosen && rows().find((one) => !isDrawn(read(one)));
    if (chosen) choose(next || null);
    svg.children[rows().indexOf(row)]?.focus();
  }, { once: true });
};

if (form && picture) {
  document.querySelector("[data-hint]").hidden = false;
  for (const tools of form.querySelectorAll(".area-tools")) tools.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("click", (event) => {
    const row = event.target.closest("[data-area]");
    if (event.target.matches("[data-draw]")) choose(chosen === row ? null : row);
    if (event.target.matches("[data-clear]")) { for (const key of KEYS) field(row, key).value = ""; show(); }
    if (event.target.matches("[data-more]")) {
      const copy = row.cloneNode(true);
      for (const key of KEYS) field(copy, key).value = "";
      row.after(copy);
      show();
      choose(copy);
    }
  });
  svg.addEventListener("pointerdown", press);
  show();
}
