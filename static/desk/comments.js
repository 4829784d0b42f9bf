// Progressive enhancement of comments; plain forms and screens work without this module.
const section = () => document.querySelector("[data-comments]");
const isWriting = Boolean(document.querySelector("#article-form"));

// Beside a paragraph: open the form in place instead of on a screen of its own.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-comment]");
  const pattern = section()?.querySelector("[data-comment-form]");
  if (!link || !pattern || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const open = link.parentElement.querySelector("form.comment-here");
  if (open) { open.remove(); link.focus(); return; }
  const form = pattern.cloneNode(true);
  form.classList.add("comment-here");
  form.querySelector("select").value = link.dataset.comment;
  form.querySelector("select").closest(".field").hidden = true;
  const text = form.querySelector("textarea");
  text.value = "";
  text.setAttribute("aria-label", link.textContent.trim());
  for (const one of form.querySelectorAll("[id]")) one.removeAttribute("id");
  for (const one of form.querySelectorAll("label")) one.remove();
  link.after(form);
  text.focus();
});

// Beside the editor: send a comment without leaving the page, so that the draft stays.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!isWriting || event.defaultPrevented || !section()?.contains(form)) return;
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  let page = null;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { /* offline: the plain form reports it */ }
  const fresh = page?.querySelector("[data-comments]");
  const said = page?.querySelector("[role=alert], .errorlist");
  if (fresh) {
    section().replaceWith(fresh);
    fresh.querySelector(".comment-new > summary")?.focus();
  } else if (said) {
    const note = form.querySelector(".note-error") ?? form.insertBefore(document.createElement("p"), form.firstChild);
    note.className = "note note-error";
    note.setAttribute("role", "alert");
    note.textContent = said.textContent.trim();
    if (button) button.disabled = false;
  } else {
    form.submit();
  }
});

// A new comment refers to the paragraph at the cursor, unless the user chooses another.
if (isWriting) {
  document.addEventListener("selectionchange", () => {
    const node = document.getSelection()?.anchorNode;
    const block = (node?.nodeType === 1 ? node : node?.parentElement)?.closest(".ProseMirror p, .ProseMirror h2, .ProseMirror h3");
    const select = section()?.querySelector("select[name=paragraph]");
    const start = block?.textContent.trim();
    if (!start || !select) return;
    const fitting = [...select.options].find((one) => one.value && start.startsWith(one.textContent.replace(/^\d+ /, "").replace(/…$/, "")));
    if (fitting) select.value = fitting.value;
  });
}

// A quotation scrolls to its paragraph in the editor.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-quote]");
  const start = link?.dataset.quote.slice(0, 12);
  const block = start && [...document.querySelectorAll(".ProseMirror > *")].find((one) => one.textContent.includes(start));
  if (!block) return;
  event.preventDefault();
  block.scrollIntoView({ block: "center" });
  document.getSelection().selectAllChildren(block);
});

// "@" offers users who may read the comment; choose with arrows and Enter, or with a tap.
let offer = null;
const shut = () => { offer?.list.remove(); offer?.field.removeAttribute("aria-controls"); offer = null; };
const begun = (field) => /(?:^|[^A-Za-z0-9._+-])@([\p{L}\d（）]{0,20})$/u.exec(field.value.slice(0, field.selectionStart));
const take = (name) => {
  const { field, word } = offer;
  const end = field.selectionStart;
  field.setRangeText(`${name} `, end - word.length, end, "end");
  shut();
  field.focus();
};
const mark = (step) => {
  const all = [...offer.list.children];
  offer.at = (offer.at + step + all.length) % all.length;
  all.forEach((one, n) => one.setAttribute("aria-selected", String(n === offer.at)));
};
// The names are loaded at the first "@".
let asked = null;
const everybody = () => {
  asked ??= fetch(document.querySelector("#comment-people").dataset.url, { headers: { Accept: "application/json" } })
    .then((answer) => answer.json())
    .then(({ people }) => people)
    .catch(() => { asked = null; return []; });
  return asked;
};
document.addEventListener("input", async (event) => {
  const field = event.target.closest?.("textarea[data-mentions]");
  if (!field || event.isComposing) return;
  shut();
  const word = begun(field)?.[1]?.toLowerCase();
  if (word === undefined) return;
  const all = await everybody();
  // The user has typed on: the later key press sends its own request.
  if (begun(field)?.[1]?.toLowerCase() !== word) return;
  shut();
  const people = all.filter((name) => name.toLowerCase().startsWith(word)).slice(0, 8);
  if (!people.length) return;
  const list = document.createElement("ul");
  list.className = "mention-list";
  list.id = "mention-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector("#comment-people").dataset.label);
  for (const name of people) {
    const row = document.createElement("li");
    row.setAttribute("role", "option");
    row.textContent = name;
    row.addEventListener("pointerdown", (tap) => { tap.preventDefault(); take(name); });
    row.dataset.said = name;
    list.append(row);
  }
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  offer = { field, list, word, at: 0 };
  mark(0);
});
document.addEventListener("keydown", (event) => {
  if (!offer || event.target !== offer.field || event.isComposing) return;
  if (event.key === "ArrowDown") mark(1);
  else if (event.key === "ArrowUp") mark(-1);
  else if (event.key === "Enter" || event.key === "Tab") take(offer.list.children[offer.at].dataset.said);
  else if (event.key === "Escape") shut();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("focusout", (event) => { if (event.target === offer?.field) shut(); });
