// Keyboard shortcuts of the desk; "?" lists them. Ignored during typing and composition.
const list = document.querySelector("#keys");
const isTyping = (target) =>
  target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName ?? "");

const press = (event, selector) => {
  const buttons = [...document.querySelectorAll(selector)];
  const button = buttons.find((one) => one.checkVisibility() && !one.disabled);
  if (!button) return;
  event.preventDefault();
  button.click();
};

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
const linkOf = (row) => row.querySelector("a.story-link") ?? row.querySelector("a[href]");

const step = (by) => {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + by));
  const link = linkOf(all[next]);
  link?.focus();
  all[next].scrollIntoView({ block: "nearest" });
};

const showList = () => { if (list && !list.open) list.showModal(); };

const plain = {
  "/": (event) => {
    const search = [...document.querySelectorAll("[data-search]")].find((one) => one.checkVisibility());
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  },
  "?": showList,
  j: () => step(1),
  k: () => step(-1),
  o: () => document.activeElement?.closest("[data-row]") && document.activeElement.click(),
};

// 229: some input methods send the first key of a composition before they announce it.
const isComposing = (event) => event.isComposing || event.keyCode === 229;

// Run before the text editor, where Ctrl+Enter would insert a line break.
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || isComposing(event)) return;
  if (event.key.toLowerCase() === "s") press(event, "[data-save]");
  else if (event.key === "Enter") press(event, "[data-main]");
  if (event.defaultPrevented) event.stopPropagation();
}, true);

addEventListener("keydown", (event) => {
  if (isComposing(event) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!isTyping(event.target) && !document.querySelector("dialog[open]")) plain[event.key]?.(event);
});

for (const button of document.querySelectorAll("[data-keys-open]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest("details")?.removeAttribute("open");
    showList();
  });
}
