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

new MutationObserver(() => {
  document.querySelectorAll(".prose-menubar").forEach(translate);
}).observe(document.documentElement, { childList: true, subtree: true });
