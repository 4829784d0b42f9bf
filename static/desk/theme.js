// Set the theme before the first paint, so that a dark page never flashes white.
(() => {
  let theme = "auto";
  try { theme = localStorage.getItem("theme") || "auto"; } catch { /* private mode */ }
  document.documentElement.dataset.theme = /^(light|dark)$/.test(theme) ? theme : "auto";
})();
