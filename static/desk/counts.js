// Keeps the numbers in the navigation fresh: asks once a minute, and not while nobody looks.
const MINUTE = 60_000;
const address = document.body.dataset.counts;
let asked = Date.now();

const show = (counts) => {
  for (const mark of document.querySelectorAll("[data-live]")) {
    const count = counts[mark.dataset.live] ?? 0;
    if (mark.textContent !== String(count)) mark.textContent = count;
    mark.hidden = count === 0;
  }
};

const ask = async () => {
  if (document.hidden || Date.now() - asked < MINUTE) return;
  asked = Date.now();
  try {
    // Logged out: the login answers instead, and there is nothing to show.
    const answer = await fetch(address, { redirect: "error", headers: { Accept: "application/json" } });
    if (answer.ok) show(await answer.json());
  } catch { /* no line: the next minute asks again */ }
};

setInterval(ask, 5000);
document.addEventListener("visibilitychange", ask);
