// Progressive enhancement of the desk; every form works without this module.
const root = document.documentElement;

// Colour theme: automatic, light or dark. The choice is stored (see theme.js).
const THEMES = ["auto", "light", "dark"];
for (const button of document.querySelectorAll("[data-theme-next]")) {
  const show = () => { button.textContent = button.dataset[root.dataset.theme]; };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* private mode */ }
    show();
  });
  show();
}

// Escape or a click outside closes a dropdown.
const shut = (but) => {
  for (const open of document.querySelectorAll("details[data-pop][open]")) {
    if (!open.contains(but)) open.open = false;
  }
};
addEventListener("click", (event) => shut(event.target));
addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("details[data-pop][open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});

// Warn before leaving a page with unsaved input.
const guarded = document.querySelector("form[data-guard]");
let isDirty = false;
if (guarded) {
  guarded.addEventListener("input", () => { isDirty = true; });
  guarded.addEventListener("saved", () => { isDirty = false; });
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

for (const link of document.querySelectorAll("[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length > 1) { event.preventDefault(); history.back(); }
  });
}

// A proofing finding scrolls to its paragraph, in the text or in the editor.
for (const link of document.querySelectorAll("[data-find]")) {
  link.addEventListener("click", (event) => {
    const blocks = document.querySelectorAll(".ProseMirror > *, .proof-body p, .proof-body li, .proof-body h2, .proof-body h3");
    const found = [...blocks].find((block) => block.textContent.includes(link.dataset.find));
    if (!found) return;
    event.preventDefault();
    found.scrollIntoView({ block: "center" });
    found.classList.add("is-found");
    setTimeout(() => found.classList.remove("is-found"), 4000);
  });
}

// The limits of fields in characters; nobody needs them before typing.
document.addEventListener("focusin", () => import("./text_limits.js"), { once: true });
