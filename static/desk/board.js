// Progressive enhancement of the issue board; its plain forms work without this module.
// Drag and drop, forms without reloading, and changes of other users within five seconds.
const SECONDS = 1000;
// Background requests do not extend the session.
const BY_ITSELF = { "X-By-Itself": "1" };
const board = () => document.querySelector("[data-board]");
const said = document.querySelector("[data-said]");
let isBusy = false;

const tell = (words, isBad = false) => {
  said.textContent = words;
  said.className = isBad ? "board-said note note-error" : "board-said note note-info";
};

// Replace the board with the server's version; open elements and the focus are preserved.
const renew = async () => {
  const answer = await fetch(location.pathname, { redirect: "error", headers: BY_ITSELF });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-board]");
  if (!fresh) return;
  const open = new Set([...document.querySelectorAll("[data-article] details[open]")].map((one) => one.closest("[data-article]").dataset.article));
  const at = document.activeElement?.closest("[data-article]")?.dataset.article;
  const label = document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent;
  board().replaceWith(fresh);
  for (const card of fresh.querySelectorAll("[data-article]")) {
    const more = card.querySelector("details");
    if (more && open.has(card.dataset.article)) more.open = true;
    if (card.dataset.article !== at) continue;
    const same = [...card.querySelectorAll("button, summary, select, a")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === label);
    (same ?? card.querySelector("a, button"))?.focus();
  }
  sortable();
};

const send = async (url, data) => {
  isBusy = true;
  try {
    const answer = await fetch(url, { method: "POST", body: data, redirect: "error", headers: { Accept: "application/json" } });
    const { message } = await answer.json();
    tell(message, !answer.ok);
    await renew();
  } catch {
    tell(board().dataset.lost, true);
  } finally {
    isBusy = false;
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest(".place-tools")) return;
  event.preventDefault();
  if (!isBusy) send(form.action, new FormData(form));
});

// Drag with the mouse, or with a long press, so that the page can still be scrolled.
const sortable = async () => {
  const lists = document.querySelectorAll("[data-page], [data-pool]");
  if (!document.querySelector("[data-pool]")) return;
  await import("../vendor/sortablejs/Sortable.min.js");
  const { Sortable } = window;
  for (const list of lists) {
    Sortable.create(list, {
      group: { name: "board", put: list.hasAttribute("data-page") },
      sort: list.hasAttribute("data-page"),
      draggable: "[data-article]:not([data-still])",
      filter: "button, select, summary, input",
      preventOnFilter: false,
      delay: 200,
      delayOnTouchOnly: true,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onStart: () => { isBusy = true; },
      onEnd: ({ item, from, to, oldDraggableIndex, newIndex }) => {
        isBusy = false;
        const cards = [...to.querySelectorAll("[data-article]")];
        const position = cards.indexOf(item) + 1;
        if (from === to && oldDraggableIndex === newIndex) return;
        const data = new FormData();
        const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        const { article, seen } = item.dataset;
        const sent = { csrfmiddlewaretoken: token, article, seen, page: to.dataset.page, position };
        for (const [name, value] of Object.entries(sent)) data.set(name, value);
        send(board().dataset.placeUrl, data);
      },
    });
  }
};
sortable();

setInterval(async () => {
  const held = document.activeElement?.matches("select");
  if (document.hidden || isBusy || held) return;
  try {
    const answer = await fetch(board().dataset.markUrl, { redirect: "error", headers: { Accept: "application/json", ...BY_ITSELF } });
    if (!answer.ok) return;
    const { mark } = await answer.json();
    if (mark === board().dataset.mark || isBusy) return;
    await renew();
    tell(board().dataset.changed);
  } catch { /* offline: retried with the next poll */ }
}, 4 * SECONDS);
