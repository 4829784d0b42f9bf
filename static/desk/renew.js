// The session has ended: log in again in place, and the page goes on where it was.
import { facts, make, session, words } from "./lost.js";

const POLL = 3000;
let waiting = null;

// Return a promise of whether the same person is logged in again; the dialog stands meanwhile.
export const renew = () => {
  waiting ??= new Promise(open).finally(() => { waiting = null; });
  return waiting;
};

const open = (done) => {
  const dialog = make("dialog", "", { class: "renew", "aria-labelledby": "renew-title" });
  const told = make("p", "", { role: "alert", class: "note note-error", hidden: "" });
  const place = make("div", words.wait);
  const end = (isIn) => { clearInterval(poll); dialog.close(); dialog.remove(); done(isIn); };
  const tell = (text) => { told.textContent = text; told.hidden = !text; };
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
  dialog.append(make("h2", words.loggedOut, { id: "renew-title" }), make("p", words.textIsHere), told, place, foot);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); end(false); });
  document.body.append(dialog);
  dialog.showModal();
  const poll = setInterval(() => { if (!document.hidden) check(); }, POLL);
  fetch(facts.login, { cache: "no-store" }).then((answer) => step(answer, place, tell, check)).catch(() => tell(words.offlineLogin));
};

// Show the form that the login answered with, for a password or a code; any other step has its own window.
const step = async (answer, place, tell, check) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const theirs = page.querySelector("main input:is([type=password], [name=code])")?.form;
  place.replaceChildren();
  if (!theirs) {
    if (await check() !== facts.user) tell(words.oneMoreStep);
    return;
  }
  tell([...page.querySelectorAll("main [role=alert], main .errorlist, main .note-error")].map((e) => e.textContent.trim()).join(" "));
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
