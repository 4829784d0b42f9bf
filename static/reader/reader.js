// Comforts for readers; every page can be read without them.
const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* private mode */ } },
};
const root = document.documentElement;

const easy = document.querySelector("[data-easy]");
root.classList.toggle("easy", store.get("easy") === "1");
if (easy) {
  easy.hidden = false;
  easy.setAttribute("aria-pressed", root.classList.contains("easy"));
  easy.addEventListener("click", () => {
    const on = root.classList.toggle("easy");
    easy.setAttribute("aria-pressed", on);
    store.set("easy", on ? "1" : "0");
  });
}

function setStep(step) {
  root.style.setProperty("--step", step);
  store.set("step", step);
}
setStep(Number(store.get("step")) || 0);

const tools = document.querySelector(".tools");
if (tools) {
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.size) {
      const step = Number(button.dataset.size);
      setStep(step ? Math.max(-2, Math.min(6, (Number(store.get("step")) || 0) + step)) : 0);
    }
    if ("print" in button.dataset) window.print();
    if ("copy" in button.dataset) copyLink(button);
    if ("speak" in button.dataset) speak(button);
  });
  if (!("speechSynthesis" in window)) tools.querySelector("[data-speak]").remove();
}

async function copyLink(button) {
  await navigator.clipboard.writeText(location.href);
  const before = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = before; }, 1500);
}

function speak(button) {
  const talking = speechSynthesis.speaking;
  speechSynthesis.cancel();
  const label = button.dataset.label || (button.dataset.label = button.textContent);
  button.textContent = talking ? label : button.dataset.stop;
  if (talking) return;
  const said = new SpeechSynthesisUtterance(document.querySelector("[data-body]").innerText);
  said.lang = "zh-CN";
  said.onend = () => { button.textContent = label; };
  speechSynthesis.speak(said);
}

// A gallery: arrows and a swipe lead on, Escape leads back to the story.
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
