// The body: a plain text area in light markup, and the text editor in its place where one wants it.
import { isComposing } from "./composition.js";
import { toLight } from "./paste.js";
import "./photos.js";

const area = document.querySelector("textarea[data-editor]");
const field = area.closest("[data-body]");
const form = area.form;
const how = form.elements.namedItem("body_format");
const config = JSON.parse(area.dataset.editor);
let editor = null;

// Length in 字: each Han character, each run of letters or digits (the rule of textkit.count).
const counter = field.querySelector("[data-count]");
const CHARS = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}〇]|[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*/gu;
const count = () => {
  if (isComposing()) return;
  const text = how.value === "html"
    ? new DOMParser().parseFromString(area.value, "text/html").body.textContent
    : area.value.replace(/^(?:[[［]图\d+[\]］]|\d+\. )/gm, "").replace(/\]\([^)]*\)/g, "");
  counter.textContent = `${(text.match(CHARS) || []).length} ${counter.dataset.unit}`;
};
form.addEventListener("input", count);
count();

const grow = () => {
  if (editor) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 4}px`;
};
area.addEventListener("input", grow);
grow();

// Put text at the cursor, so that it can be undone.
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

area.addEventListener("paste", (event) => {
  const source = how.value === "html" ? "" : event.clipboardData.getData("text/html");
  const text = source && toLight(source);
  if (!text) return;
  event.preventDefault();
  insert(text.includes("\n") ? onItsOwn(text) : text);
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

// The editor's own buttons in the person's language: its package asks gettext for its dialogs only.
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
      window.gettext ? null : load("script", { src: config.words }),
      ...config.css.map((href) => load("link", { rel: "stylesheet", href })),
    ]);
    // Without its font a button would show the name of its icon.
    await document.fonts.load('24px "Material Icons"').catch(() => null);
    const { createEditor } = await import("django-prose-editor/configurable");
    if (area.value !== typed) return open();
    [area.value, how.value] = [html, "html"];
    editor = await createEditor(area, config);
    if (!editor) throw new Error("the text editor did not start");
  } catch (error) {
    // The text area is there all the same, with what was typed.
    [area.value, how.value] = [typed, format];
    console.warn(error);
  }
  field.classList.remove("is-opening");
  field.classList.add(editor ? "is-open" : "is-failed");
  if (editor) dress();
  count();
};

// Name the writing surface and the buttons, which come a moment later and change with the place.
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
