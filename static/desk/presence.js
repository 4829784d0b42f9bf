// Presence: a heartbeat every twenty seconds, and the names of other users without reloading.
import { ask, facts, form, make, root, say, words } from "./draft_store.js";

const EVERY = 20_000;
const AT_IT = 60_000;
const place = root.querySelector("[data-people]");
let typedAt = 0;
let isOpened = false;

const body = (more) => {
  const data = new FormData();
  for (const [name, value] of Object.entries({ window_id: facts.window_id, csrfmiddlewaretoken: facts.token, ...more })) data.set(name, value);
  return data;
};

const show = (people) => {
  const names = people.map(({ name, editing, me }) => {
    const who = me ? words.otherWindow : name;
    return make("b", editing ? say(words.editing, { name: who }) : who);
  });
  place.replaceChildren(...(names.length ? [words.alsoOpen] : []), ...names.flatMap((name, n) => (n ? ["、", name] : [name])));
  place.hidden = !names.length;
};

const beat = async () => {
  if (!facts.presence) return;
  const more = isOpened ? {} : { opened: facts.version };
  if (form && Date.now() - typedAt < AT_IT) more.editing = "1";
  try {
    const answer = await ask(facts.presence, body(more), true);
    if (answer.status !== 200) return;
    isOpened = true;
    show(answer.people);
  } catch { /* without network or session nobody is shown; saving reports it */ }
};

form?.addEventListener("input", () => {
  const isFirst = Date.now() - typedAt >= AT_IT;
  typedAt = Date.now();
  if (isFirst && isOpened) beat();
});
root.addEventListener("made", beat);
addEventListener("pagehide", () => {
  if (facts.presence) navigator.sendBeacon(facts.presence, body({ leaving: "1" }));
});
addEventListener("pageshow", (event) => { if (event.persisted) beat(); });
setInterval(beat, EVERY);
beat();
