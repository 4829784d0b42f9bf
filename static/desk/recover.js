// After a crash: look for texts that only this browser has; copies.js, fetched when there are any, offers them.
import { ask, copies, facts, root } from "./lost.js";

const MOST = 3;

// Windows that are open tell so: what they hold is not lost.
const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("lost") : null;
const living = new Set();
channel?.addEventListener("message", ({ data }) => {
  if (data.ask) channel.postMessage({ tab: facts.tab });
  else living.add(data.tab);
});

const leave = (tab) => {
  const data = new FormData();
  for (const [name, value] of Object.entries({ tab, csrfmiddlewaretoken: facts.token, leaving: "1" })) data.set(name, value);
  ask(facts.presence, data).catch(() => {});
};

// A window that has just been closed may still answer: whoever does is asked again, twice.
const seen = new Set();
const look = async (more = 2) => {
  const waiting = copies(facts.article).filter(({ tab }) => !seen.has(tab));
  if (!waiting.length) return;
  living.clear();
  channel?.postMessage({ ask: true });
  const [{ present }] = await Promise.all([import("./copies.js"), new Promise((done) => { setTimeout(done, 300); })]);
  for (const copy of waiting.filter(({ tab }) => !living.has(tab)).slice(0, MOST)) {
    seen.add(copy.tab);
    if (facts.presence) leave(copy.tab);
    await present(copy);
  }
  if (living.size && more) setTimeout(look, 4000, more - 1);
};
root.addEventListener("back", ({ detail }) => { seen.delete(detail); look(); });
look();
