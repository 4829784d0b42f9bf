// Shared functions of the modules that prevent data loss: page data, requests to the server,
// and drafts stored in this browser.
export const root = document.querySelector("[data-lost]");
export const form = document.querySelector("#article-form");
export const facts = root.dataset;
// Going back, the form comes from the server, and what was not sent from this browser's drafts. A
// browser that refills the fields itself would put the editor's HTML into the plain text area, and
// an old version number beside a newer text.
form?.setAttribute("autocomplete", "off");
export const words = JSON.parse(facts.words);
const OURS = new Set(["csrfmiddlewaretoken", "owner", "then", "version", "window_id", "sequence", "note"]);

export const say = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");

// Return an element with text, which is never parsed as HTML.
export const make = (tag, text = "", attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

// The text fields of the form as [name, value] pairs; files need a manual save.
export const fields = () => [...new FormData(form)]
  .filter(([name, value]) => typeof value === "string" && !OURS.has(name));

export class LoggedOut extends Error {}

// Automatic requests do not extend the session.
const BY_ITSELF = { "X-By-Itself": "1" };
const send = (url, body, isByItself = false) => {
  body?.set("csrfmiddlewaretoken", facts.token);
  return fetch(url, {
    method: body ? "POST" : "GET", body, redirect: "manual", cache: "no-store",
    headers: { Accept: "application/json", ...(isByItself ? BY_ITSELF : {}) },
  });
};
const isAnswer = (response) => /json/.test(response.headers.get("Content-Type") || "");

// Return the current user; if it is the same user, store the new token in all forms of the page.
export const session = async () => {
  const response = await send(facts.session, undefined, true);
  if (!isAnswer(response) || !response.ok) return null;
  const { user, token } = await response.json();
  if (String(user) === facts.user) {
    facts.token = token;
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
  }
  return String(user);
};

// Return { status, ...response }. Throws LoggedOut without a session, TypeError without a network.
export const ask = async (url, body, isByItself) => {
  let response = await send(url, body, isByItself);
  // A proxy reports it with a page of its own.
  if (response.status === 413 && !isAnswer(response)) return { status: 413, message: words.large };
  if (response.status === 401 || !isAnswer(response)) {
    if (response.status >= 500) return { status: response.status, message: words.broken };
    if (await session() !== facts.user) throw new LoggedOut();
    response = await send(url, body, isByItself);
    if (!isAnswer(response)) return { status: response.status, message: words.broken };
  }
  return { status: response.status, ...await response.json() };
};

// Drafts stored in this browser: one for each window, by login and story.
const DAYS = 14;
const LARGEST = 1_500_000;
const name = (story, window_id) => `lost:${facts.user}:${story || "new"}:${window_id}`;

export const keepCopy = (copy) => {
  const text = JSON.stringify({ ...copy, at: Date.now() });
  if (text.length > LARGEST) return false;
  const key = name(copy.story, copy.window_id);
  for (;;) {
    try { localStorage.setItem(key, text); return true; } catch {
      const oldest = allCopies().filter(([other]) => other !== key)[0];
      if (!oldest) return false;
      localStorage.removeItem(oldest[0]);
    }
  }
};

export const dropCopy = (copy) => {
  try { localStorage.removeItem(name(copy.story, copy.window_id)); } catch { /* storage unavailable */ }
};

const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const allCopies = () => Object.keys(localStorage)
  .filter((key) => key.startsWith(`lost:${facts.user}:`))
  .map((key) => [key, read(key)])
  .sort((a, b) => (a[1]?.at || 0) - (b[1]?.at || 0));

// The user's drafts of this story from closed windows, newest first.
export const copies = (story) => {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("lost:") && !(read(key)?.at > Date.now() - DAYS * 86_400_000)) localStorage.removeItem(key);
    }
    return allCopies().map(([, copy]) => copy).reverse()
      .filter((copy) => (copy.story || "") === (story || "") && copy.window_id !== facts.window_id && !copy.dropped);
  } catch { return []; }
};
