// Differences between a draft stored in this browser and the page, and the choice between them.
import { ask, dropCopy, facts, fields, form, keepCopy, make, root, say, words } from "./draft_store.js";

const place = root.querySelector("[data-copies]");

// Only a complete lead sentence counts: "when" and "where" alone are defaults.
const gather = (pairs) => {
  const found = new Map();
  const hasLead = pairs.some(([name, value]) => name === "lead_what" && value.trim());
  for (const [name, value] of pairs) {
    if (/^photos-|_FORMS$|^body_format$/.test(name) || (name.startsWith("lead_") && !hasLead)) continue;
    found.set(name, [...(found.get(name) || []), value]);
  }
  return found;
};

// The paragraphs of a text or of HTML, parsed in an inert document. A page without a form shows
// no light markup, and none is compared.
const plain = (line) => (form ? line : line.replace(/^(#|-|>|\d+\.) /, "").replaceAll("**", ""));
const lines = (values) => values.flatMap((value) => {
  if (!/<\w/.test(value)) return value.split("\n").map((line) => plain(line.trim()));
  const body = new DOMParser().parseFromString(value, "text/html").body;
  const blocks = [...body.querySelectorAll("p, h2, h3, li, td, th")].filter((e) => !e.querySelector("p, li, td"));
  return (blocks.length ? blocks : [body]).map((block) => block.textContent.trim());
}).filter(Boolean);

// The label of a value: the text beside a box, the text of an option, or the value itself.
const called = (name, value) => {
  const choice = [...(form?.elements || [])].find((e) => e.name === name && /select|radio|checkbox/.test(e.type));
  if (!choice) return value;
  const box = form.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`);
  const option = [...(choice.options || [])].find((o) => o.value === value);
  return (option || box?.closest("label"))?.textContent.trim() || value;
};

const differ = (theirs, mine) => {
  const names = [...new Set([...theirs.keys(), ...mine.keys()])];
  return names.map((name) => [name, ...[theirs, mine].map((map) => lines((map.get(name) || []).map((v) => called(name, v))))])
    .filter(([, a, b]) => a.join("\n") !== b.join("\n"));
};

// Longest common subsequence of lines by dynamic programming; common ends are cut off first.
const steps = (a, b) => {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const x = a.slice(start, a.length - end);
  const y = b.slice(start, b.length - end);
  const out = [];
  if (x.length * y.length > 250_000) return [...x.map((t) => ["del", t]), ...y.map((t) => ["ins", t])];
  const table = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1));
  for (let i = x.length - 1; i >= 0; i -= 1) {
    for (let j = y.length - 1; j >= 0; j -= 1) {
      table[i][j] = x[i] === y[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) { i += 1; j += 1; }
    else if (j < y.length && (i === x.length || table[i][j + 1] > table[i + 1][j])) { out.push(["ins", y[j]]); j += 1; }
    else { out.push(["del", x[i]]); i += 1; }
  }
  return out;
};

// A changed line: the added or removed characters between the common start and end.
const inside = (before, after) => {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const line = make("p");
  line.append(before.slice(0, start));
  if (before.length > start + end) line.append(make("del", before.slice(start, before.length - end)));
  if (after.length > start + end) line.append(make("ins", after.slice(start, after.length - end)));
  line.append(before.slice(before.length - end));
  return line;
};

const shown = (a, b) => {
  const box = make("div", "", { class: "copy-change" });
  const rows = steps(a, b);
  for (let n = 0; n < rows.length; n += 1) {
    const [kind, text] = rows[n];
    if (kind === "del" && rows[n + 1]?.[0] === "ins") { box.append(inside(text, rows[n + 1][1])); n += 1; }
    else { const line = make("p"); line.append(make(kind, text)); box.append(line); }
  }
  return box;
};

const label = (name) => form?.querySelector(`label[for="id_${name}"]`)?.textContent || words.labels[name] || name;

const body = (copy, more) => {
  const data = new FormData();
  for (const [name, value] of copy.fields) data.append(name, value);
  for (const [name, value] of Object.entries({ version: copy.version, window_id: copy.window_id, sequence: copy.sequence, ...more })) data.set(name, value ?? "");
  return data;
};

const offer = (copy, changes) => {
  const card = make("section", "", { class: "note note-warning copy", "aria-label": words.found });
  const line = make("p", "", { role: "status" });
  const at = new Date(copy.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", timeZone: facts.zone });
  const box = make("details", "", { open: "" });
  box.append(make("summary", words.difference));
  for (const [name, a, b] of changes) box.append(make("h3", label(name)), shown(a, b));
  const use = make("button", words.useMine, { type: "button", class: "button button-main" });
  const leave = make("button", words.useTheirs, { type: "button", class: "button" });
  const row = make("p", "", { class: "actions-row" });
  row.append(use, leave);
  card.append(make("p", say(words.foundAt, { time: at })), box, row, line);
  place.append(card);

  const send = async (more) => {
    use.disabled = leave.disabled = true;
    line.textContent = words.saving;
    try { return await ask(facts.autosave, body(copy, more)); } catch { return { status: 0, message: words.offlineCopy }; }
    finally { use.disabled = leave.disabled = false; }
  };
  use.addEventListener("click", async () => {
    let answer = await send({ "by-hand": "1" });
    const problems = answer.problems;
    if (problems) answer = await send({});
    const target = answer.status === 200 ? answer.url : answer.merge;
    line.textContent = [...(problems || []), ...(answer.waiting || []), answer.message || ""].join(" ");
    if (!target) return;
    dropCopy(copy);
    if (problems || answer.waiting?.length) {
      row.replaceChildren(make("a", words.goOn, { href: target, class: "button button-main" }));
    } else location.assign(target);
  });
  leave.addEventListener("click", async () => {
    if (!copy.story) { setAside(copy, card); return; }
    const answer = await send({ aside: "1" });
    line.textContent = answer.message || "";
    if (answer.status !== 200) return;
    dropCopy(copy);
    card.replaceChildren(make("p", say(words.putAside, answer)));
    const link = make("a", words.merge, { href: facts.merge.replace("/0/", `/${answer.number}/`) });
    card.firstChild.append(" ", link);
  });
};

// A draft without an article stays in this browser, but is hidden.
const setAside = (copy, card) => {
  keepCopy({ ...copy, dropped: true });
  const back = make("button", words.undo, { type: "button", class: "button" });
  back.addEventListener("click", () => { keepCopy({ ...copy, dropped: false }); card.remove(); root.dispatchEvent(new CustomEvent("back", { detail: copy.window_id })); });
  card.replaceChildren(make("p", words.dropped), back);
};

// Whether the server has the draft after all: the response to the last save may have been lost.
const arrived = async (copy) => {
  const answer = await ask(`${facts.sent}?window_id=${encodeURIComponent(copy.window_id)}`).catch(() => ({}));
  if (answer.sequence >= copy.sequence) return true;
  if (!copy.story && answer.article) {
    dropCopy(copy);
    keepCopy({ ...copy, story: String(answer.article) });
    const note = make("p", `${words.foundElsewhere} `, { class: "note note-warning" });
    note.append(make("a", words.goOn, { href: answer.url }));
    place.append(note);
    return "moved";
  }
  return false;
};

// The article's fields on a page without a form, with the names of the form fields.
const read = () => {
  const blocks = [...document.querySelectorAll(".proof .noted-text")];
  const shown = blocks.length ? blocks : [...document.querySelectorAll(".proof-body")];
  return [
    ["headline", document.querySelector(".proof h1")?.innerText || ""],
    ["body", shown.map((block) => block.innerHTML).join("")],
  ];
};

// Offer `copy`, unless the page or the server has all of its content.
export const present = async (copy) => {
  const changes = differ(gather(form ? fields() : read()), gather(copy.fields))
    .filter(([name]) => form || ["headline", "body"].includes(name));
  const isThere = !changes.length || await arrived(copy);
  if (isThere === true) dropCopy(copy);
  else if (!isThere) offer(copy, changes);
};
