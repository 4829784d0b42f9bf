// Service worker that caches the newest issue for offline use. /offline.json lists the URLs to
// cache. Nothing else is cached: no URL with a query, nothing of the desk. Network first.
const NAME = "paper", LIST = "/offline.json", INSTEAD = "/offline/";
const GONE = [404, 410];
let renewing = null;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(renew());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  const isPage = request.mode === "navigate";
  if (request.method !== "GET" || origin !== location.origin || pathname.startsWith("/desk/")) return;
  if (isPage || (!search && ["style", "script"].includes(request.destination))) {
    event.respondWith(networkFirst(event, pathname, search, isPage));
  }
});

async function networkFirst(event, path, search, isPage) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (failure) {
    const stored = await instead(path, search, isPage);
    if (stored) return stored;
    throw failure;
  }
  const copy = search ? null : answer.clone();
  event.waitUntil((async () => {
    if (copy) await replace(path, copy);
    if (isPage) await renew();
  })().catch(() => {}));
  return answer;
}

// The English site has the same stories; without a network it falls back to the Chinese views.
async function instead(path, search, isPage) {
  const cache = await caches.open(NAME);
  const stored = search ? undefined : await find(cache, isPage ? path.replace(/^\/en(?=\/)/, "") : path);
  return stored || (isPage ? find(cache, INSTEAD) : undefined);
}

const find = (cache, path) => cache.match(path, { ignoreVary: true });

// Updates a response that is already cached, or deletes it if it is gone.
async function replace(path, answer) {
  const cache = await caches.open(NAME);
  if (GONE.includes(answer.status)) await cache.delete(path);
  else if (isGood(answer) && await find(cache, path)) await cache.put(path, answer);
}

const isGood = (answer) => answer.status === 200 && !answer.redirected && answer.type === "basic";
const ask = (path) => fetch(path, { cache: "no-cache", credentials: "omit" });

function renew() {
  renewing ||= keepIssue().finally(() => { renewing = null; });
  return renewing;
}

// The list is stored last: if a request failed, the next page view starts again.
async function keepIssue() {
  const answer = await ask(LIST);
  if (GONE.includes(answer.status)) return caches.delete(NAME);
  if (!isGood(answer)) return undefined;
  const cache = await caches.open(NAME);
  const text = await answer.text();
  const known = await find(cache, LIST);
  const isKnown = known && await known.text() === text;
  const { pages, files } = JSON.parse(text);
  let isWhole = true;
  for (const path of [...files, ...pages]) {
    if (isKnown && await find(cache, path)) continue;
    const fresh = await ask(path);
    if (isGood(fresh)) await cache.put(path, fresh);
    else if (GONE.includes(fresh.status)) await cache.delete(path);
    else isWhole = false;
  }
  const wanted = new Set([...files, ...pages, LIST]);
  for (const { url } of await cache.keys()) {
    if (!wanted.has(new URL(url).pathname)) await cache.delete(url);
  }
  return isWhole ? cache.put(LIST, new Response(text)) : undefined;
}
