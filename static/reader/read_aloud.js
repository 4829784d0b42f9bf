// Reads a story aloud with the browser's speech synthesis, paragraph by paragraph.
const start = document.querySelector("[data-speak]");
const stop = document.querySelector("[data-silence]");
const voice = window.speechSynthesis;
// Maximum length of a piece: some voices stop after about 15 seconds.
const PIECE = 60;
const VOICES_WAIT = 1500;
// A voice that has not started after this many milliseconds counts as missing.
const BEGIN_WAIT = 5000;
const label = start.textContent;
const statusLine = document.querySelector("[data-voice-status]");

// State: "idle", "speaking" or "paused"; the utterance being spoken, and its index in the pieces.
let state = "idle", said = null, place = 0, pieces = [];

function paragraphs() {
  const parts = "p, h2, h3, li, figcaption, td, th, blockquote";
  const leaves = [...document.querySelectorAll(`[data-body] :is(${parts})`)]
    .filter((one) => !one.querySelector(parts));
  const body = document.querySelector("[data-body]");
  return [...document.querySelectorAll("[data-aloud]"), ...(leaves.length ? leaves : [body])];
}

// Splits a text into pieces of whole sentences, as many as fit.
function cut(text) {
  const found = [];
  for (const sentence of text.replace(/\s+/g, " ").trim().match(/[^。！？；]+[。！？；”’』）]*|[。！？；]+/g) || []) {
    const last = found.length - 1;
    if (last >= 0 && (found[last] + sentence).length <= PIECE) found[last] += sentence;
    else found.push(sentence);
  }
  return found.filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}

// Voices may load late or never; in that case the browser chooses one by the language.
function voicesReady() {
  if (voice.getVoices().length) return Promise.resolve();
  return new Promise((resolve) => {
    voice.addEventListener("voiceschanged", resolve, { once: true });
    setTimeout(resolve, VOICES_WAIT);
  });
}

function chinese() {
  const ours = voice.getVoices().filter(({ lang }) => /^(zh|cmn)\b/i.test(lang));
  const mainland = ours.filter(({ lang }) => /CN|Hans/i.test(lang));
  const best = mainland.length ? mainland : ours;
  return best.find(({ localService }) => localService) || best[0] || null;
}

function mark(element) {
  for (const one of document.querySelectorAll(".is-read")) one.classList.remove("is-read");
  if (!element) return;
  element.classList.add("is-read");
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) element.scrollIntoView({ block: "center" });
}

function show(next) {
  state = next;
  start.textContent = { idle: label, speaking: start.dataset.pause, paused: start.dataset.resume }[state];
  stop.hidden = state === "idle";
}

// Shows a message on failure: a button that silently resets would look broken.
function fail({ error } = {}) {
  finish();
  const isMute = !chinese() || /unavailable/.test(error);
  statusLine.textContent = isMute ? start.dataset.mute : start.dataset.failed;
}

function say() {
  if (place >= pieces.length) return finish();
  const { element, text } = pieces[place];
  mark(element);
  const piece = new SpeechSynthesisUtterance(text);
  piece.lang = "zh-CN";
  const found = chinese();
  if (found) piece.voice = found;
  // A cancelled utterance also fires "end": only the current one starts the next.
  piece.onend = () => { if (said === piece) { place += 1; say(); } };
  piece.onerror = (event) => { if (said === piece) fail(event); };
  let hasBegun = false;
  piece.onstart = () => { hasBegun = true; };
  if (!voice.getVoices().length) setTimeout(() => { if (said === piece && !hasBegun) fail(); }, BEGIN_WAIT);
  said = piece;
  return voice.speak(piece);
}

// Not the browser's pause(), which cannot be resumed on phones. Resuming repeats the piece.
function hush() {
  said = null;
  voice.cancel();
}

function finish() {
  hush();
  place = 0;
  mark(null);
  const hadFocus = document.activeElement === stop;
  show("idle");
  if (hadFocus) start.focus();
}

async function go() {
  statusLine.textContent = "";
  show("speaking");
  await voicesReady();
  if (state === "speaking" && !said) say();
}

if (voice) {
  start.addEventListener("click", () => {
    if (state === "speaking") { hush(); show("paused"); return; }
    if (state === "idle") {
      voice.cancel();
      pieces = paragraphs().flatMap((element) => cut(element.textContent).map((text) => ({ element, text })));
      place = 0;
    }
    go();
  });
  stop.addEventListener("click", finish);
  addEventListener("pagehide", finish);
}
