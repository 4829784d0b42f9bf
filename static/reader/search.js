// Suggests people, towns and tags while the user types; the arrow keys move between the links.
const field = document.querySelector("[data-suggest]");
const list = document.querySelector(".suggest");
let asked = "";
let timer = 0;

async function suggest() {
  const text = field.value.trim();
  if (text === asked) return;
  asked = text;
  if (!text) { show([]); return; }
  const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(text)}`);
  if (!answer.ok || text !== asked) return;
  show((await answer.json()).suggestions);
}

function show(found) {
  list.replaceChildren(...found.map(({ kind, name, url }) => {
    const row = document.createElement("li");
    const link = document.createElement("a");
    const what = document.createElement("small");
    const english = location.pathname.startsWith("/en/") ? "/en" : "";
    link.href = english + url;
    what.textContent = `${kind} `;
    link.append(what, name);
    row.append(link);
    return row;
  }));
  list.hidden = !found.length;
}

field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 150); });
field.form.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [field, ...list.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  if (event.key === "Escape") { show([]); field.focus(); }
  if (!step || list.hidden || at < 0 || !stops[at + step]) return;
  event.preventDefault();
  stops[at + step].focus();
});
