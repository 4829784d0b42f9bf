// What the modules that keep text from being lost share: the page's facts, the way to the server,
// the copies in this browser.
export const root = document.querySelector("[data-lost]");
export const form = document.querySelector("#article-form");
export const facts = root.dataset;
export const words = JSON.parse(facts.words);
const OURS = new Set(["csrfmiddlewaretoken", "owner", "then", "version", "tab", "turn", "note"]);

export const say = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");

// An element with text in it; text is never read as HTML.
export const make = (tag, text = "", attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

// The text fields of the form as [name, value] pairs; files wait for a save by hand.
export const fields = () => [...new FormData(form)]
  .filter(([name, value]) => typeof value === "string" && !OURS.has(name));

export class LoggedOut extends Error {}

const send = (url, body) => {
  body?.set("csrfmiddlewaretoken", facts.token);
  return fetch(url, {
    method: body ? "POST" : "GET", body, redirect: "manual", cache: "no-store",
    headers: { Accept: "application/json" },
  });
};
const isAnswer = (response) => /json/.test(response.headers.get("Content-Type") || "");

// Ask who is logged in now; take the new token for all forms of this page if it is the same person.
export const session = async () => {
  const response = await send(facts.session);
  if (!isAnswer(response) || !response.ok) return null;
  const { user, token } = await response.json();
  if (String(user) === facts.user) {
    facts.token = token;
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
  }
  return String(user);
};

// Return { status, ...answer }. Throws LoggedOut without a session, TypeError without a network.
export const ask = async (url, body) => {
  let response = await send(url, body);
  // A proxy before the server says it in a page of its own.
  if (response.status === 413 && !isAnswer(response)) return { status: 413, message: words.large };
  if (response.status === 401 || !isAnswer(response)) {
    if (response.status >= 500) return { status: response.status, message: words.broken };
    if (await session() !== facts.user) throw new LoggedOut();
    response = await send(url, body);
    if (!isAnswer(response)) return { status: response.status, message: words.broken };
  }
  return { status: response.status, ...await response.json() };
};

// Copies in this browser: one for each window, under the login and the story.
const DAYS = 14;
const LARGEST = 1_500_000;
const name = (story, tab) => `lost:${facts.user}:${story || "new"}:${tab}`;

export const keepCopy = (copy) => {
  const text = JSON.stringify({ ...copy, at: Date.now() });
  if (text.length > LARGEST) return false;
  const key = name(copy.story, copy.tab);
  for (;;) {
    try { localStorage.setItem(key, text); return true; } catch {
      const oldest = allCopies().filter(([other]) => other !== key)[0];
      if (!oldest) return false;
      localStorage.removeItem(oldest[0]);
    }
  }
};

export const dropCopy = (copy) => {
  try { localStorage.removeItem(name(copy.story, copy.tab)); } catch { /* no storage here */ }
};

const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const allCopies = () => Object.keys(localStorage)
  .filter((key) => key.startsWith(`lost:${facts.user}:`))
  .map((key) => [key, read(key)])
  .sort((a, b) => (a[1]?.at || 0) - (b[1]?.at || 0));

// This person's copies of this story from windows that are gone, newest first.
export const copies = (story) => {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("lost:") && !(read(key)?.at > Date.now() - DAYS * 86_400_000)) localStorage.removeItem(key);
    }
    return allCopies().map(([, copy]) => copy).reverse()
      .filter((copy) => (copy.story || "") === (story || "") && copy.tab !== facts.tab && !copy.dropped);
  } catch { return []; }
};
