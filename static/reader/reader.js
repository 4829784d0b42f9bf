// Optional features for readers; every page is readable without them.
const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* private mode */ } },
};
const root = document.documentElement;

const easy = document.querySelectorAll("[data-easy]");
const showEasy = () => easy.forEach((button) => button.setAttribute("aria-pressed", root.classList.contains("easy")));
easy.forEach((button) => button.addEventListener("click", () => {
  store.set("easy", root.classList.toggle("easy") ? "1" : "0");
  showEasy();
}));
showEasy();

// Limits of the text size of a story, in steps from the default.
const SMALLEST = -2, LARGEST = 6;
const tools = document.querySelector(".tools");

function setStep(step) {
  const size = Math.max(SMALLEST, Math.min(LARGEST, step));
  root.style.setProperty("--step", size);
  store.set("step", size);
  showStep(size);
}

function showStep(size) {
  for (const button of tools.querySelectorAll("[data-size]")) {
    const step = Number(button.dataset.size);
    const isAtEnd = step ? size === (step < 0 ? SMALLEST : LARGEST) : size === 0;
    button.setAttribute("aria-disabled", isAtEnd);
  }
}

const stepNow = () => Number(root.style.getPropertyValue("--step")) || 0;

if (tools) {
  showStep(stepNow());
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.size) setStep(Number(button.dataset.size) && stepNow() + Number(button.dataset.size));
    if ("print" in button.dataset) window.print();
    if ("copy" in button.dataset) copyLink(button);
  });
}

async function copyLink(button) {
  await navigator.clipboard.writeText(location.href);
  const before = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = before; }, 1500);
}

// Applies a setting that was changed in another window.
addEventListener("storage", ({ key, newValue }) => {
  if (key === "easy") { root.classList.toggle("easy", newValue === "1"); showEasy(); }
});

// Scrolls a horizontal row so that its current entry is centred.
for (const here of document.querySelectorAll(".sections [aria-current], .tabs [aria-current]")) {
  const row = here.closest("ul");
  const { left, width } = here.getBoundingClientRect();
  row.scrollLeft += left - row.getBoundingClientRect().left - (row.clientWidth - width) / 2;
}

// Browsers update the worker themselves. If offline use is switched off, there is no manifest.
if (navigator.serviceWorker && document.querySelector("link[rel=manifest]")) {
  navigator.serviceWorker.register("/sw.js").catch(() => { /* private mode, or storage full */ });
}

// Gallery: arrow keys and swipes change the photo, Escape returns to the story.
const shown = document.querySelector("[data-gallery]");
if (shown) {
  const go = (name) => { const link = shown.querySelector(`[data-${name}]`); if (link) location.replace(link.href); };
  const keys = { ArrowLeft: "previous", ArrowRight: "next" };
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape") location.assign(shown.querySelector("[data-back]").href);
    else if (keys[event.key]) { event.preventDefault(); go(keys[event.key]); }
  });
  let from = null;
  const photo = shown.querySelector("figure");
  photo.addEventListener("touchstart", ({ touches }) => { from = touches.length === 1 ? touches[0].clientX : null; }, { passive: true });
  photo.addEventListener("touchend", ({ changedTouches }) => {
    const moved = from === null ? 0 : changedTouches[0].clientX - from;
    if (Math.abs(moved) > 48) go(moved > 0 ? "previous" : "next");
  });
}
