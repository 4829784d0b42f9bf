// Autosave: saves the form two seconds after the last change, in the browser and on the server.
import { LoggedOut, ask, dropCopy, facts, fields, form, keepCopy, root, say, words } from "./draft_store.js";
import { renew } from "./session_renewal.js";

const REST = 2000;
const RETRY = 15_000;
const line = root.querySelector("[data-save-state]");
const link = root.querySelector("[data-save-link]");
const input = (name) => form.elements.namedItem(name);

const show = (state, text, href = "", label = "") => {
  line.hidden = false;
  line.dataset.saveState = state;
  line.querySelector("span").textContent = text;
  line.querySelector("span").setAttribute("role", state === "saved" || state === "saving" ? "none" : "alert");
  link.hidden = !label;
  link.textContent = label;
  link.href = href || "#";
};

const shot = () => JSON.stringify(fields());
let saved = facts.unsaved ? "" : shot();
let isTouched = Boolean(facts.unsaved);
let isComposing = false;
let isSending = false;
let isStopped = false;
let isHandedIn = false;
let timer = 0;
let copiedAt = 0;
let asked = "";

const isDirty = () => isTouched && shot() !== saved;
const sequence = () => Number(input("sequence").value);
// A submitted form has its sequence number already: the copy saved on unload holds the same text.
const copy = () => ({
  story: facts.article, window_id: facts.window_id, version: Number(input("version").value),
  sequence: sequence() + (isHandedIn ? 0 : 1), fields: fields(),
});
const keep = () => {
  copiedAt = Date.now();
  return keepCopy(copy());
};
const later = (wait = REST) => {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
};

async function save() {
  if (isComposing || isStopped || isSending || !isDirty()) return;
  const sent = shot();
  const mine = copy();
  const isKept = keep();
  input("sequence").value = mine.sequence;
  const body = new FormData();
  for (const [name, value] of mine.fields) body.append(name, value);
  for (const name of ["version", "window_id", "sequence", "owner"]) body.append(name, input(name).value);
  isSending = true;
  show("saving", words.saving);
  try {
    // A retry with the same text is no user action.
    const isAgain = asked === sent;
    asked = sent;
    take(await ask(facts.autosave, body, isAgain), sent, mine);
  } catch (error) {
    if (error instanceof LoggedOut) await logIn();
    else if (error instanceof TypeError) {
      show("offline", isKept ? words.offline : words.offlineOnly);
      later(RETRY);
    } else throw error;
  } finally {
    isSending = false;
  }
  if (isDirty() && !isStopped && line.dataset.saveState !== "offline") later();
}

// Handle the response: saved, stored as a conflict copy, or refused with a reason.
const take = (answer, sent, mine) => {
  if (answer.blank) {
    saved = sent;
    dropCopy(mine);
    line.hidden = true;
  } else if (answer.status === 200) {
    saved = sent;
    input("version").value = answer.version;
    if (!answer.waiting.length && shot() === sent) dropCopy(mine);
    if (!facts.article) settle(answer, mine);
    show("saved", [say(words.saved, answer), ...answer.waiting].join(" "));
    if (shot() === sent) form.dispatchEvent(new Event("saved"));
  } else if (answer.merge) {
    saved = sent;
    dropCopy(mine);
    show("aside", answer.message, answer.merge, words.merge);
    form.dispatchEvent(new Event("saved"));
  } else if (answer.status >= 500) {
    show("wrong", `${answer.message} ${words.here}`);
    later(RETRY);
  } else {
    saved = sent;
    isStopped = Boolean(answer.other) || answer.status === 404 || answer.status === 403;
    show("wrong", `${answer.problems?.join(" ") || answer.message} ${words.here}`);
  }
};

// The first save has created the article, so this page now edits it.
const settle = (answer, mine) => {
  dropCopy(mine);
  Object.assign(facts, {
    article: answer.article, autosave: answer.autosave, presence: answer.presence, version: answer.version,
  });
  history.replaceState(history.state, "", answer.url);
  if (shot() !== saved) keep();
  root.dispatchEvent(new Event("made"));
};

const logIn = async () => {
  show("wrong", `${words.loggedOut} ${words.here}`, "#", words.logIn);
  if (await renew()) {
    show("saving", words.saving);
    later(0);
  }
};
link.addEventListener("click", (event) => {
  if (link.getAttribute("href") === "#") { event.preventDefault(); logIn(); }
});

let seen = shot();
const typed = () => {
  isTouched = true;
  seen = shot();
  if (Date.now() - copiedAt > 5000) keep();
  if (!isComposing) later();
};
// The editor may normalise the text when it starts: changes count from the first key press.
for (const kind of ["keydown", "pointerdown"]) {
  form.addEventListener(kind, () => { if (!isTouched) saved = shot(); }, { capture: true, once: true });
}
form.addEventListener("input", typed);
form.addEventListener("change", typed);
form.addEventListener("compositionstart", () => { isComposing = true; });
form.addEventListener("compositionend", () => { isComposing = false; typed(); });
// Buttons of the editor's toolbar change the text without an input event.
setInterval(() => {
  if (document.hidden || isComposing || isStopped || shot() === seen) return;
  if (form.contains(document.activeElement)) typed();
  else seen = shot();
}, REST);
addEventListener("online", () => later(0));
addEventListener("visibilitychange", () => { if (document.hidden && isDirty()) { keep(); later(0); } });
addEventListener("pagehide", () => { if (isDirty()) keep(); });
addEventListener("pageshow", (event) => { if (event.persisted) isStopped = isHandedIn = false; });
form.addEventListener("submit", (event) => {
  if (isStopped) return;
  isStopped = true;
  if (isDirty()) keep();
  input("sequence").value = sequence() + 1;
  isHandedIn = true;
  setTimeout(() => { if (event.defaultPrevented) isStopped = isHandedIn = false; });
});
if (facts.unsaved) later();
else if (facts.saved) show("saved", facts.saved);
