// Session renewal: log in again in a dialog, without losing the page.
import { facts, make, session, words } from "./draft_store.js";

const POLL = 3000;
let waiting = null;

// Return a promise of whether the same user has logged in again; the dialog is open until then.
export const renew = () => {
  waiting ??= new Promise(open).finally(() => { waiting = null; });
  return waiting;
};

const open = (done) => {
  const dialog = make("dialog", "", { class: "renew", "aria-labelledby": "renew-title" });
  const line = make("p", "", { role: "alert", class: "note note-error", hidden: "" });
  const place = make("div", words.wait);
  const end = (isIn) => { clearInterval(poll); dialog.close(); dialog.remove(); done(isIn); };
  const tell = (text) => { line.textContent = text; line.hidden = !text; };
  const check = async () => {
    const user = await session().catch(() => null);
    if (user === facts.user) end(true);
    else if (user) tell(words.otherLogin);
    return user;
  };
  const later = make("button", words.notNow, { type: "button", class: "button" });
  later.addEventListener("click", () => end(false));
  const elsewhere = make("a", words.newWindow, { href: facts.elsewhere, target: "_blank", rel: "noopener", class: "button" });
  const foot = make("p", "", { class: "actions-row" });
  foot.append(elsewhere, later);
  dialog.append(make("h2", words.loggedOut, { id: "renew-title" }), make("p", words.textIsHere), line, place, foot);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); end(false); });
  document.body.append(dialog);
  dialog.showModal();
  const poll = setInterval(() => { if (!document.hidden) check(); }, POLL);
  fetch(facts.login, { cache: "no-store" }).then((answer) => step(answer, place, tell, check)).catch(() => tell(words.offlineLogin));
};

// Show the login form for a password or a code; any other step opens a window of its own.
const step = async (answer, place, tell, check) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const theirs = page.querySelector("main input:is([type=password], [name=code])")?.form;
  place.replaceChildren();
  const said = [...page.querySelectorAll("main [role=alert], main .errorlist, main .note-error")].map((e) => e.textContent.trim()).join(" ");
  if (!theirs) {
    if (answer.status === 503) tell(said || words.broken);
    else if (await check() !== facts.user) tell(words.oneMoreStep);
    return;
  }
  tell(said);
  const form = document.importNode(theirs, true);
  for (const element of form.querySelectorAll("[id]")) element.id = `renew-${element.id}`;
  for (const label of form.querySelectorAll("label[for]")) label.htmlFor = `renew-${label.htmlFor}`;
  const name = form.querySelector("input[type=text], input[type=email]");
  if (name && name.name !== "code" && !name.value) name.value = facts.username;
  const action = new URL(theirs.getAttribute("action") || "", answer.url);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell("");
    try {
      const next = await fetch(action, { method: "POST", body: new FormData(form) });
      if (await check() !== facts.user) await step(next, place, tell, check);
    } catch { tell(words.offlineLogin); }
  });
  place.append(form);
  form.querySelector("input:is([type=password], [name=code])").focus();
};
