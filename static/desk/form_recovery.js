// Crash recovery: find drafts that only this browser has; draft_diff.js, loaded on demand, offers them.
import { ask, copies, facts, root } from "./draft_store.js";

const MOST = 3;

// Open windows answer with their id: their drafts are not lost.
const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("lost") : null;
const living = new Set();
channel?.addEventListener("message", ({ data }) => {
  if (data.ask) channel.postMessage({ window_id: facts.window_id });
  else living.add(data.window_id);
});

const leave = (window_id) => {
  const data = new FormData();
  for (const [name, value] of Object.entries({ window_id, csrfmiddlewaretoken: facts.token, leaving: "1" })) data.set(name, value);
  ask(facts.presence, data, true).catch(() => {});
};

// A window that has just been closed may still answer: ask again, twice.
const seen = new Set();
const look = async (more = 2) => {
  const waiting = copies(facts.article).filter(({ window_id }) => !seen.has(window_id));
  if (!waiting.length) return;
  living.clear();
  channel?.postMessage({ ask: true });
  const [{ present }] = await Promise.all([import("./draft_diff.js"), new Promise((done) => { setTimeout(done, 300); })]);
  for (const copy of waiting.filter(({ window_id }) => !living.has(window_id)).slice(0, MOST)) {
    seen.add(copy.window_id);
    if (facts.presence) leave(copy.window_id);
    await present(copy);
  }
  if (living.size && more) setTimeout(look, 4000, more - 1);
};
root.addEventListener("back", ({ detail }) => { seen.delete(detail); look(); });
look();
