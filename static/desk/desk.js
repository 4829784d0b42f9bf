// Comforts at the desk; every form works without them.
const root = document.documentElement;

// Light, dark, or as the machine says.
const themeButton = document.querySelector("[data-theme-next]");
if (themeButton) {
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    const isDark = root.dataset.theme === "dark"
      || (root.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.theme = isDark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* private mode */ }
  });
}

// What was typed and not saved is not left behind by a wrong click.
const guarded = document.querySelector("form[data-guard]");
let isDirty = false;
if (guarded) {
  guarded.addEventListener("input", () => { isDirty = true; });
  guarded.addEventListener("submit", (event) => {
    isDirty = false;
    const button = event.submitter;
    if (button) setTimeout(() => { button.disabled = true; button.classList.add("is-busy"); });
  });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
  addEventListener("pageshow", () => {
    for (const button of guarded.querySelectorAll(".is-busy")) {
      button.disabled = false;
      button.classList.remove("is-busy");
    }
  });
}

// Length in 字: each Han character, each run of letters or digits (the rule of textkit.count).
const counter = document.querySelector("[data-count]");
const body = document.querySelector("#id_body");
if (counter && body) {
  const rule = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}〇]|[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*/gu;
  const show = () => {
    const text = new DOMParser().parseFromString(body.value, "text/html").body.textContent;
    counter.textContent = `${(text.match(rule) || []).length} ${counter.dataset.unit}`;
  };
  show();
  body.closest("form").addEventListener("input", show);
  setInterval(show, 2000);
}

for (const link of document.querySelectorAll("[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length > 1) { event.preventDefault(); history.back(); }
  });
}

// Keys: / searches, Ctrl+S saves, Ctrl+Enter makes the main move.
addEventListener("keydown", (event) => {
  const isTyping = /^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable;
  const press = (selector) => {
    const button = document.querySelector(selector);
    if (button) { event.preventDefault(); button.click(); }
  };
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    document.querySelector("[data-search]")?.focus();
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "s") press("[data-save]");
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") press("[data-main]");
});
