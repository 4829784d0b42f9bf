// Updates the counts in the navigation once a minute while the page is visible.
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
    // After a logout the response is the login page, and there is nothing to show.
    const answer = await fetch(address, { redirect: "error", headers: { Accept: "application/json", "X-By-Itself": "1" } });
    if (answer.ok) show(await answer.json());
  } catch { /* offline: retried after a minute */ }
};

setInterval(ask, 5000);
document.addEventListener("visibilitychange", ask);
