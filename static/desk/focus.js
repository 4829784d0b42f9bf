// Focal point: set it with a click in the picture or with arrow keys, and preview the crop.
const form = document.querySelector("[data-focus-form]");
const picture = document.querySelector("[data-focus] img");
const crop = document.querySelector("[data-crop] img");

if (form && picture) {
  const [x, y] = ["focus_x", "focus_y"].map((name) => form.elements.namedItem(name));
  const dot = document.createElement("span");
  dot.className = "focus-dot";
  const frame = document.createElement("span");
  frame.className = "focus-frame";
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  const hint = form.querySelector("[data-focus-hint]");
  hint.hidden = false;
  hint.id = "focus-hint";
  frame.setAttribute("aria-labelledby", hint.id);
  const whole = picture.closest("picture");
  whole.before(frame);
  frame.append(whole, dot);

  const within = (value) => Math.min(100, Math.max(0, Math.round(value)));
  const show = () => {
    dot.style.left = `${x.value || 50}%`;
    dot.style.top = `${y.value || 50}%`;
    // The 3:2 crop around the point, as the server makes it.
    const ratio = picture.naturalWidth / picture.naturalHeight;
    const wide = Math.min(1, 1.5 / ratio);
    const high = Math.min(1, ratio / 1.5);
    const place = (value, part) => (part >= 1 ? 50 : within(((value / 100 - part / 2) / (1 - part)) * 100));
    crop.style.objectPosition = `${place(Number(x.value), wide)}% ${place(Number(y.value), high)}%`;
  };
  const set = (left, top) => { x.value = within(left); y.value = within(top); show(); };
  frame.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    set(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  });
  const steps = { ArrowLeft: [-2, 0], ArrowRight: [2, 0], ArrowUp: [0, -2], ArrowDown: [0, 2] };
  frame.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    set(Number(x.value) + step[0], Number(y.value) + step[1]);
  });
  form.addEventListener("input", show);
  if (picture.complete) show(); else picture.addEventListener("load", show);
}
