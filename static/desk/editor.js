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

// The writing surface is named by the label above it.
const name = (surface) => {
  const label = surface.closest(".field")?.querySelector(".field-label");
  if (label && !surface.hasAttribute("aria-label")) surface.setAttribute("aria-label", label.textContent);
};

new MutationObserver(() => {
  document.querySelectorAll(".prose-menubar").forEach(translate);
  document.querySelectorAll(".ProseMirror[contenteditable]").forEach(name);
}).observe(document.documentElement, { childList: true, subtree: true });
