// Runs before the first paint: applies the reader's settings and detects supported features.
(() => {
  const root = document.documentElement;
  const can = { js: true, voice: "speechSynthesis" in window, clipboard: Boolean(navigator.clipboard) };
  for (const name in can) root.classList.toggle(`has-${name}`, can[name]);
  try {
    root.classList.toggle("easy", localStorage.getItem("easy") === "1");
    root.style.setProperty("--step", Number(localStorage.getItem("step")) || 0);
  } catch { /* storage is unavailable */ }
})();
