// Photo rows: upload in the background, sort, and place into the text.
import { facts, session } from "./draft_store.js";
import { renew } from "./session_renewal.js";
import { smaller } from "./image_resize.js";

const box = document.querySelector("[data-photos]");
const form = box?.closest("form");
const rows = () => [...box.querySelectorAll("[data-photo-row]")];
const input = (row, name) => row.querySelector(`[name$="-${name}"]`);

// The editor's view of a photo: its number, a thumbnail, its caption.
export const pictureOf = (photo) => {
  const all = box ? rows() : [];
  const row = all.find((one, n) => input(one, "photo").value === String(photo) || `row-${n + 1}` === photo);
  if (!row) return {};
  const shown = row.querySelector("img, canvas");
  const picture = shown?.cloneNode();
  if (picture?.getContext) picture.getContext("2d").drawImage(shown, 0, 0);
  return { number: all.indexOf(row) + 1, picture, caption: input(row, "caption").value };
};

const changed = (row) => input(row, "photo").dispatchEvent(new Event("change", { bubbles: true }));

// Rows are numbered in order: after a move or a new row, rename their fields and update the text.
const number = () => {
  const places = new Map(rows().map((row, n) => [named(row).textContent.match(/\d+/)[0], n + 1]));
  rows().forEach(rename);
  const area = form.elements.namedItem("body");
  if (form.elements.namedItem("body_format").value === "html") return;
  const text = area.value.replace(/^［图(\d+)］$/gm, (all, n) => (places.has(n) ? `［图${places.get(n)}］` : all));
  if (text !== area.value) area.value = text;
};
const named = (row) => row.querySelector("[data-number]");
const rename = (row, n) => {
  for (const part of row.querySelectorAll("[name], [for], [id], [aria-describedby]")) {
    for (const name of ["name", "for", "id", "aria-describedby"]) {
      const value = part.getAttribute(name);
      if (value) part.setAttribute(name, value.replace(/photos-(\d+|__prefix__)-/g, `photos-${n}-`));
    }
  }
  named(row).textContent = named(row).textContent.replace(/\d+/, n + 1);
};

const addRow = () => {
  const total = form.elements.namedItem("photos-TOTAL_FORMS");
  if (Number(total.value) >= Number(box.dataset.max)) return null;
  const fresh = box.querySelector("template").content.cloneNode(true).firstElementChild;
  rows().at(-1)?.after(fresh) ?? box.querySelector("[data-more]").before(fresh);
  total.value = Number(total.value) + 1;
  number();
  return fresh;
};

// The last row is the empty one: nothing moves after it.
const hasPhoto = (row) => row?.classList.contains("has-photo");
const move = (row, step) => {
  const all = rows();
  const other = all[all.indexOf(row) + step];
  if (!hasPhoto(other)) return;
  if (step < 0) other.before(row); else other.after(row);
  number();
  changed(row);
};

// Two or more photos can be dragged; the library is loaded only then, to keep the form light.
let isDraggable = false;
const dragged = async () => {
  if (isDraggable || rows().filter(hasPhoto).length < 2) return;
  isDraggable = true;
  await import("../vendor/sortablejs/Sortable.min.js");
  for (const grip of box.querySelectorAll("[data-grip]")) grip.hidden = false;
  for (const grip of box.querySelector("template").content.querySelectorAll("[data-grip]")) grip.hidden = false;
  self.Sortable.create(box, {
    handle: "[data-grip]", draggable: ".has-photo", animation: 150,
    onEnd: ({ item }) => { number(); changed(item); },
  });
};

const draw = async (row, file) => {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, 480 / bitmap.width);
  [canvas.width, canvas.height] = [bitmap.width * scale, bitmap.height * scale];
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  row.querySelector("[data-picture]").replaceChildren(canvas);
};

const post = (row, body) => new Promise((resolve) => {
  const request = new XMLHttpRequest();
  const bar = row.querySelector("progress");
  bar.hidden = false;
  request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
  request.onloadend = () => {
    bar.hidden = true;
    const { status } = request;
    const again = Number(request.getResponseHeader("Retry-After")) * 1000;
    // An HTML page instead of JSON, below status 500, is a login page or a rejected token.
    try { resolve({ status, again, ...JSON.parse(request.responseText) }); } catch { resolve({ status, isPage: status > 0 && status < 500 }); }
  };
  request.open("POST", box.dataset.upload);
  request.setRequestHeader("Accept", "application/json");
  request.send(body);
});

// Two uploads at a time. After a network error the same key is retried, which prevents duplicates.
// A busy server says when to retry: for up to ten minutes, at a random time for each row.
const PAUSES = [0, 2000, 6000, 15_000];
const PATIENCE = 600_000;
const rest = (ms) => new Promise((done) => { setTimeout(done, ms); });
const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(16).slice(2)}`.slice(0, 36);
let going = 0;
const queue = [];
const next = () => {
  while (going < 2 && queue.length) {
    going += 1;
    queue.shift()().finally(() => { going -= 1; next(); });
  }
};

const isIn = async () => {
  const user = await session().catch(() => facts.user);
  return user === facts.user || renew();
};

const send = async (row, file, key) => {
  const small = await smaller(file);
  const until = Date.now() + PATIENCE;
  let waits;
  for (let broken = 0; broken < PAUSES.length;) {
    await rest(PAUSES[broken]);
    if (input(row, "file")?.files[0] !== file) return {};
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
    body.append("owner", form.elements.namedItem("owner").value);
    body.append("key", key);
    body.append("file", small, file.name);
    if (small !== file) body.append("head", file.slice(0, 262_144), "head");
    const answer = await post(row, body);
    if (answer.photo || answer.problem) return answer;
    if (answer.other) return { waits: answer.message };
    // No slot for another photo, a full disk or no database: the server says when to retry.
    const later = answer.busy || (answer.status === 503 && answer.message);
    if (later && Date.now() < until) {
      show(row, "warning", later);
      await rest(answer.again * (1 + Math.random()));
      broken = 0;
    } else {
      // The photo may itself be what stops the server, so it is sent again a few times only.
      waits = answer.stopped;
      if ((answer.status === 401 || answer.isPage) && !await isIn()) return { waits: box.dataset.loggedOut };
      broken += 1;
    }
  }
  return { waits };
};

const show = (row, name, text) => { row.querySelector(`[data-${name}]`).textContent = text || ""; };
// Use the file's metadata where the field is empty, or has an unchanged default.
const fill = (row, name, text) => {
  const field = input(row, name);
  const offered = box.querySelector("template").content.querySelector(`[name$="-${name}"]`).defaultValue;
  const isOffered = field.value === offered && !("typed" in field.dataset);
  if (text && (isOffered || !field.value.trim())) field.value = text;
};

// Handle the result: the photo's id and metadata, a rejection, or a file that stays in its field.
const take = async (row, file, key) => {
  row.classList.add("is-sending");
  const answer = await send(row, file, key);
  row.classList.remove("is-sending");
  const field = input(row, "file");
  if (field?.files[0] !== file) return;
  row.querySelector("[data-again]").hidden = Boolean(answer.photo || answer.problem);
  show(row, "problem", answer.problem || (answer.photo ? "" : answer.waits || box.dataset.waits));
  show(row, "warning", answer.warning);
  if (answer.problem) {
    row.querySelector("[data-picture]").replaceChildren();
    row.classList.remove("has-photo");
    field.value = "";
  } else if (answer.photo) {
    input(row, "photo").value = answer.photo;
    for (const name of ["caption", "credit", "source", "rights"]) fill(row, name, answer[name]);
    field.value = "";
    if (!row.querySelector("[data-picture]").firstChild) {
      const picture = document.createElement("img");
      picture.src = answer.url;
      picture.alt = "";
      row.querySelector("[data-picture]").replaceChildren(picture);
    }
    changed(row);
  }
};

const begin = (row) => {
  const file = input(row, "file")?.files[0];
  if (!file || row.classList.contains("is-sending")) return;
  row.dataset.key ||= newKey();
  show(row, "problem", "");
  row.querySelector("[data-again]").hidden = true;
  queue.push(() => take(row, file, row.dataset.key));
  next();
};

// The first file stays in its row; each of the others gets a new row.
const chosen = (field) => {
  const files = [...field.files];
  let row = field.closest("[data-photo-row]");
  for (const file of files) {
    if (!row) { show(rows().at(-1), "problem", box.dataset.full); return; }
    if (files.length > 1) {
      const one = new DataTransfer();
      one.items.add(file);
      input(row, "file").files = one.files;
    }
    delete row.dataset.key;
    row.classList.add("has-photo");
    draw(row, file).catch(() => { /* shown after the upload, or rejected */ });
    const all = rows();
    const empty = all[all.indexOf(row) + 1] ?? addRow();
    begin(row);
    row = empty;
  }
  dragged();
};

const placeInText = (row) => {
  const place = rows().indexOf(row) + 1;
  const detail = { number: place, photo: input(row, "photo").value || `row-${place}` };
  form.dispatchEvent(new CustomEvent("place-photo", { detail }));
};

if (box) {
  box.addEventListener("input", (event) => { event.target.dataset.typed = ""; });
  box.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.files.length) chosen(event.target);
  });
  const uses = {
    place: placeInText, up: (row) => move(row, -1), down: (row) => move(row, 1), again: begin,
  };
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && "more" in button.dataset) { event.preventDefault(); addRow()?.querySelector("input[type=file]").focus(); }
    for (const [name, use] of Object.entries(uses)) {
      if (button && name in button.dataset) { event.preventDefault(); use(button.closest("[data-photo-row]")); button.focus(); }
    }
  });
  addEventListener("online", () => rows().forEach(begin));
  dragged();
  const parts = [box, box.querySelector("template").content];
  for (const part of parts) {
    for (const button of part.querySelectorAll("[data-place], [data-up], [data-down]")) button.hidden = false;
    for (const field of part.querySelectorAll("input[type=file]")) field.multiple = true;
  }
}
