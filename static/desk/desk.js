// Comforts at the desk; every form works without them.
const root = document.documentElement;

// The colours: as the device, light, dark. What is chosen is kept (see theme.js).
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

// What drops down closes with Escape and with a click beside it.
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

// What was typed and not saved is not left behind by a wrong click.
const guarded = document.querySelector("form[data-guard]");
let isDirty = false;
if (guarded) {
  guarded.addEventListener("input", () => { isDirty = true; });
  guarded.addEventListener("kept", () => { isDirty = false; });
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

// A proofing finding leads to its paragraph, in the text or in the editor.
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
