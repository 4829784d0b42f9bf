// The body field: a plain text area in light markup, or the text editor if the user prefers it.
import { isComposing } from "./ime.js";
import "./photos.js";

const area = document.querySelector("textarea[data-editor]");
const field = area.closest("[data-body]");
const form = area.form;
const how = form.elements.namedItem("body_format");
const config = JSON.parse(area.dataset.editor);
let editor = null;

const counter = field.querySelector("[data-count]");
// The page comes with the length of the stored text; the module loads with the first change.
let zi = null;
const count = async () => {
  if (isComposing()) return;
  zi ??= await import("./char_count.js").catch(() => null);
  if (!zi) return;
  const text = how.value === "html" ? zi.textOfHtml(area.value) : zi.textOfLight(area.value);
  counter.textContent = `${zi.countChars(text, { marks: !("noMarks" in counter.dataset) })} ${counter.dataset.unit}`;
};
form.addEventListener("input", count);
if ("recount" in counter.dataset || area.value !== area.defaultValue) count();

const grow = () => {
  if (editor) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 4}px`;
};
area.addEventListener("input", grow);
grow();

// Insert text at the cursor, so that it can be undone.
const insert = (text) => {
  area.focus();
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
};
const onItsOwn = (text) => {
  const before = area.value.slice(0, area.selectionStart);
  const after = area.value.slice(area.selectionEnd);
  return `${before && !before.endsWith("\n") ? "\n" : ""}${text}${after.startsWith("\n") ? "" : "\n"}`;
};

// The rules of a paste come with the first use of the area: the page is quicker without them.
area.addEventListener("focus", () => import("./paste.js"), { once: true });
const told = (detail) => form.dispatchEvent(new CustomEvent("pasted", { detail }));
const put = (text) => text && insert(text.includes("\n") ? onItsOwn(text) : text);
area.addEventListener("paste", async (event) => {
  const source = how.value === "html" ? "" : event.clipboardData.getData("text/html");
  const plain = event.clipboardData.getData("text/plain");
  if (!source && (how.value === "html" || plain.split("\n").length < 8)) return;
  event.preventDefault();
  if (!source) {
    const { joinColumns } = await import("./paste_text.js").catch(() => ({ joinColumns: (text) => ({ text }) }));
    const { text, joined } = joinColumns(plain);
    put(text);
    told({ joined });
    return;
  }
  const { leftOut, toLight } = await import("./paste.js").catch(() => ({ leftOut: () => ({}), toLight: () => "" }));
  const text = toLight(source) || plain;
  told(leftOut());
  put(text);
});

// Say what a paste has left out or changed: nothing disappears silently.
const note = field.querySelector("[data-paste-note]");
form.addEventListener("pasted", async ({ detail }) => {
  note.hidden = true;
  if (!Object.values(detail).some(Boolean)) return;
  const [{ noteOf }] = await Promise.all([import("./paste_note.js"), translations()]);
  note.textContent = noteOf(detail);
  note.hidden = false;
});

form.addEventListener("place-photo", ({ detail }) => {
  if (editor) editor.chain().focus().insertContent({ type: "photo", attrs: { photo: detail.photo } }).run();
  else insert(onItsOwn(`［图${detail.number}］`));
});

const asHtml = async () => {
  if (how.value === "html") return area.value;
  if (!area.value.trim()) return "";
  const shown = field.querySelector("template");
  if (shown && area.value === area.defaultValue) return shown.content.textContent.trim();
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  const answer = await fetch(config.convert, { method: "POST", body });
  if (!answer.ok || answer.redirected) throw new Error(`convert: ${answer.status}`);
  return answer.text();
};

const load = (tag, attributes) => new Promise((resolve, reject) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.onload = resolve;
  element.onerror = reject;
  document.head.append(element);
});

// The catalogue of the scripts, which the page itself does not need.
let catalogue = null;
const translations = () => {
  if (window.gettext) return null;
  catalogue ??= load("script", { src: config.words });
  return catalogue;
};

// Translate the editor's buttons: its package uses gettext only for its dialogs.
const translate = (bar) => {
  for (const button of bar.querySelectorAll("[title]")) {
    const words = gettext(button.title);
    if (words !== button.title) {
      button.title = words;
      button.setAttribute("aria-label", words);
    }
  }
  for (const option of bar.querySelectorAll(".prose-menubar__option > *")) {
    const words = gettext(option.textContent);
    if (words !== option.textContent) option.textContent = words;
  }
};

const open = async () => {
  field.classList.add("is-opening");
  const [typed, format] = [area.value, how.value];
  try {
    const [html] = await Promise.all([
      asHtml(),
      translations(),
      ...config.css.map((href) => load("link", { rel: "stylesheet", href })),
    ]);
    // Without the icon font a button would show the name of its icon.
    await document.fonts.load('24px "Material Icons"').catch(() => null);
    const { createEditor } = await import("django-prose-editor/configurable");
    if (area.value !== typed) return open();
    [area.value, how.value] = [html, "html"];
    editor = await createEditor(area, config);
    if (!editor) throw new Error("the text editor did not start");
  } catch (error) {
    // The text area remains, with its input.
    [area.value, how.value] = [typed, format];
    console.warn(error);
  }
  field.classList.remove("is-opening");
  field.classList.add(editor ? "is-open" : "is-failed");
  if (editor) dress();
};

// Label the editing surface and the buttons, which are created later and depend on the cursor.
const dress = () => {
  const label = field.querySelector("label").textContent;
  for (const [name, value] of Object.entries({ "aria-label": label, role: "textbox", "aria-multiline": "true" })) {
    editor.view.dom.setAttribute(name, value);
  }
  const bars = () => field.querySelectorAll(".prose-menubar").forEach(translate);
  new MutationObserver(bars).observe(field, { childList: true, subtree: true });
  bars();
};

const button = field.querySelector("[data-open-editor]");
if (button) button.addEventListener("click", () => { open().then(() => editor?.commands.focus()); });
const isWide = matchMedia("(min-width: 901px)").matches;
if (field.dataset.body === "always" || isWide || how.value === "html") open();
else if (button) button.hidden = false;
