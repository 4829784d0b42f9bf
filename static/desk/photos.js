// The rows of photos: one more, sent ahead while one writes, placed into the text.
const box = document.querySelector("[data-photos]");
const form = box?.closest("form");
const rows = () => [...box.querySelectorAll("[data-photo-row]")];
const input = (row, name) => row.querySelector(`[name$="-${name}"]`);

// What the editor shows of a photo: its number, a picture of its own, its caption.
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

const addRow = () => {
  const total = form.elements.namedItem("photos-TOTAL_FORMS");
  const count = Number(total.value);
  if (count >= Number(box.dataset.max)) return null;
  const fresh = box.querySelector("template").content.cloneNode(true).firstElementChild;
  for (const part of fresh.querySelectorAll("[name], [for], [id]")) {
    for (const name of ["name", "for", "id"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace("__prefix__", count));
    }
  }
  const number = fresh.querySelector("[data-number]");
  number.textContent = number.textContent.replace(/\d+/, count + 1);
  rows().at(-1)?.after(fresh) ?? box.querySelector("[data-more]").before(fresh);
  total.value = count + 1;
  return fresh;
};

const draw = async (row, file) => {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, 480 / bitmap.width);
  [canvas.width, canvas.height] = [bitmap.width * scale, bitmap.height * scale];
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  row.querySelector("[data-picture]").replaceChildren(canvas);
};

// A file goes to the server at once; where that fails it stays in its field and goes with the form.
const send = (row, field) => new Promise((resolve) => {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
  body.append("file", field.files[0]);
  const request = new XMLHttpRequest();
  const bar = row.querySelector("progress");
  bar.hidden = false;
  request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
  request.onloadend = () => {
    bar.hidden = true;
    try { resolve(JSON.parse(request.responseText)); } catch { resolve({}); }
  };
  request.open("POST", box.dataset.upload);
  request.send(body);
});

const take = async (field) => {
  const row = field.closest("[data-photo-row]");
  const problem = row.querySelector("[data-problem]");
  const file = field.files[0];
  problem.textContent = "";
  if (!file) return;
  row.classList.add("has-photo");
  draw(row, file).catch(() => { /* shown once it is sent, or refused */ });
  if (rows().at(-1) === row) addRow();
  const answer = await send(row, field);
  if (field.files[0] !== file) return;
  if (answer.problem) {
    problem.textContent = answer.problem;
    row.querySelector("[data-picture]").replaceChildren();
    row.classList.remove("has-photo");
    field.value = "";
  } else if (answer.photo) {
    input(row, "photo").value = answer.photo;
    field.value = "";
    changed(row);
  }
};

if (box) {
  box.addEventListener("change", (event) => {
    if (event.target.type === "file") take(event.target);
  });
  box.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    const place = event.target.closest("[data-place]");
    if (more) { event.preventDefault(); addRow()?.querySelector("input[type=file]").focus(); }
    if (!place) return;
    const row = place.closest("[data-photo-row]");
    const number = rows().indexOf(row) + 1;
    const detail = { number, photo: input(row, "photo").value || `row-${number}` };
    form.dispatchEvent(new CustomEvent("place-photo", { detail }));
  });
  for (const button of box.querySelectorAll("[data-place]")) button.hidden = false;
  for (const button of box.querySelector("template").content.querySelectorAll("[data-place]")) button.hidden = false;
}
