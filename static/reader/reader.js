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
