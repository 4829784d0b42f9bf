// What is pasted from Word, WPS, WeChat or a web page, as the paper's paragraphs, lists and tables:
// the browser's side of textkit/paste.py, for the text editor (toHtml) and the text area (toLight).
const SKIPPED = /^(script|style|title|xml|template|del|svg|math|button|select|textarea|head|meta|link|object|iframe)$/;
const HEADING = /^h[1-6]$/;
const COMPOUND = /^(ul|ol|table|blockquote)$/;
const BLOCK = /^(p|div|section|article|header|footer|main|aside|nav|address|center|pre|form|fieldset|dl|dt|dd|hr|figure|figcaption|caption|li|body)$/;
const BLANKS = /[ \t\r\n\f\v\u00a0]+/g;
// A line of the source that was broken between two Chinese characters has no blank there.
const BROKEN = /([\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\u9fff\uff00-\uffef])/g;
const BULLET = /^(?:[·•▪\uf000-\uf0ff]\s*|[lØü§] (?=[\u2e80-\u9fff“（《]))/;
const NUMBER = /^[(（]?(\d{1,3})[.)．、）]?$/;
const WORDED = /^[(（]?[A-Za-z一二三四五六七八九十]+[.)、．）]$/;
const trimmed = (text) => text.replace(/^[ \n\u3000]+|[ \n\u3000]+$/g, "");
const styleOf = (node) => node.getAttribute("data-style") || "";
// The strict policy of our pages complains of every style that is parsed: read them by another name.
const renamed = (source) => source.replace(/<style[\s\S]*?<\/style>/gi, "")
  .replace(/<[^>]*>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));

const lookOf = (node, tag, look) => {
  const style = styleOf(node);
  let bold = look.bold || tag === "b" || tag === "strong" || /font-weight\s*:\s*(bold|[6-9]00)/i.test(style);
  if (/font-weight\s*:\s*(normal|[1-5]00)/i.test(style)) bold = false;
  const href = tag === "a" ? (node.getAttribute("href") || "").trim() : "";
  return { bold, href: /^(https?:\/\/|mailto:)/i.test(href) ? href : look.href };
};

class Flow {
  blocks = [];
  runs = [];
  marker = "";

  walk(node, look) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        this.runs.push({ ...look, text: child.data.replace(BROKEN, "$1").replace(BLANKS, " ") });
      } else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, look);
    }
    return this;
  }

  element(node, look) {
    const tag = node.localName;
    const style = styleOf(node);
    if (SKIPPED.test(tag) || /display\s*:\s*none|mso-hide\s*:\s*all/i.test(style)) return;
    if (tag === "br") this.runs.push({ ...look, text: "\n" });
    else if (/mso-list\s*:\s*ignore/i.test(style)) this.marker += node.textContent;
    else if (HEADING.test(tag)) this.inBlock(node, "h2", look, tag);
    else if (COMPOUND.test(tag)) this.compound(node, tag, look);
    else if (BLOCK.test(tag)) this.inBlock(node, "p", look, tag);
    else this.walk(node, lookOf(node, tag, look));
  }

  inBlock(node, kind, look, tag) {
    this.flush();
    this.walk(node, lookOf(node, tag, look));
    this.flush(kind);
  }

  compound(node, tag, look) {
    this.flush();
    const inside = (part) => new Flow().walk(part, look).done();
    let parts;
    if (tag === "table") {
      parts = [...node.rows].map((row) => [...row.cells].map((cell) => ({
        tag: cell.localName, blocks: inside(cell), colspan: cell.colSpan, rowspan: cell.rowSpan,
      })));
      if (!parts.flat().some((cell) => cell.blocks.length)) return;
    } else if (tag === "blockquote") parts = inside(node);
    else parts = [...node.children].map(inside).filter((item) => item.length);
    if (parts.length) this.blocks.push({ tag, parts, start: Number(node.getAttribute("start")) || 1 });
  }

  flush(tag = "p") {
    const text = [];
    for (const run of this.runs) {
      const last = text.at(-1);
      if (last && last.bold === run.bold && last.href === run.href) last.text += run.text;
      else text.push({ ...run });
    }
    this.runs = [];
    const marker = trimmed(this.marker.replace(BLANKS, " "));
    this.marker = "";
    while (text.length && !(text[0].text = text[0].text.replace(/^[ \n\u3000]+/, ""))) text.shift();
    while (text.length && !(text.at(-1).text = text.at(-1).text.replace(/[ \n\u3000]+$/, ""))) text.pop();
    if (!text.length) return;
    if (tag === "h2") for (const run of text) run.bold = false;
    for (const run of text) run.text = run.text.replace(/[ \u3000]*\n[ \u3000]*/g, "\n");
    this.blocks.push({ tag, runs: text, marker });
  }

  done() {
    this.flush();
    return withLists(this.blocks);
  }
}

const asItem = ({ tag, runs, marker }) => {
  if (tag !== "p") return null;
  if (!marker) {
    const found = runs[0].text.match(BULLET);
    if (!found) return null;
    const [first, ...rest] = runs;
    const text = first.text.slice(found[0].length);
    return text || rest.length ? { tag: "ul", runs: text ? [{ ...first, text }, ...rest] : rest, start: 1 } : null;
  }
  const number = marker.match(NUMBER);
  if (number) return { tag: "ol", runs, start: Number(number[1]) };
  if (WORDED.test(marker)) { runs[0].text = marker + runs[0].text; return null; }
  return { tag: "ul", runs, start: 1 };
};

const withLists = (blocks) => {
  const made = [];
  for (const block of blocks) {
    const item = asItem(block);
    if (!item) made.push(block);
    else if (made.at(-1)?.isOpen && made.at(-1).tag === item.tag) made.at(-1).parts.push([{ tag: "p", runs: item.runs }]);
    else made.push({ tag: item.tag, start: item.start, isOpen: true, parts: [[{ tag: "p", runs: item.runs }]] });
  }
  return made;
};

const read = (source) => new Flow()
  .walk(new DOMParser().parseFromString(renamed(source), "text/html").body, { bold: false, href: "" }).done();

// As HTML.
const escaped = (text) => text.replace(/[&<>"]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark]);
const runHtml = ({ text, bold, href }) => {
  const inner = escaped(text).replace(/\n/g, "<br>");
  const shown = bold ? `<strong>${inner}</strong>` : inner;
  return href ? `<a href="${escaped(href)}">${shown}</a>` : shown;
};
const cellHtml = (cell) => {
  const spans = ["colspan", "rowspan"].filter((name) => cell[name] > 1).map((name) => ` ${name}="${cell[name]}"`).join("");
  return `<${cell.tag}${spans}>${html(cell.blocks) || "<p></p>"}</${cell.tag}>`;
};
const blockHtml = ({ tag, runs, parts, start }) => {
  if (runs) return `<${tag}>${runs.map(runHtml).join("")}</${tag}>`;
  if (tag === "table") return `<table><tbody>${parts.map((row) => `<tr>${row.map(cellHtml).join("")}</tr>`).join("")}</tbody></table>`;
  if (tag === "blockquote") return `<blockquote>${html(parts)}</blockquote>`;
  return `<${tag}${start > 1 ? ` start="${start}"` : ""}>${parts.map((item) => `<li>${html(item)}</li>`).join("")}</${tag}>`;
};
const html = (blocks) => blocks.map(blockHtml).join("");
export const toHtml = (source) => html(read(source));

// As light markup (see textkit/light.py).
const START = /^(?:[-*] |[·•▪]|#|>|\d{1,3}\.[ \u3000\t]|[[［](?:图|photo) ?\d)/i;
const runLight = ({ text, bold, href }) => {
  const plain = text.replace(/\\|\*\*|\[(?=[^[\]\n]+\]\()|\|/g, "\\$&").replace(/\n/g, "\\\n");
  const shown = bold && plain.trim() ? `**${plain.trim()}**` : plain;
  return href ? `[${shown}](${href.replace(/[()\s]/g, encodeURIComponent)})` : shown;
};
const lineLight = (block) => (block.runs ? block.runs.map(runLight).join("") : light([block]).replace(/\n+/g, " "));
const linesLight = (blocks) => blocks.map(lineLight).join(" ");
const blockLight = ({ tag, runs, parts, start }) => {
  if (runs) {
    const text = runs.map(runLight).join("");
    return tag === "h2" ? `# ${text}` : text.replace(START, "\\$&");
  }
  if (tag === "table") {
    const rows = parts.map((row) => `| ${row.map((cell) => linesLight(cell.blocks).replace(/\\\n/g, " ")).join(" | ")} |`);
    if (parts[0].every((cell) => cell.tag === "th")) rows.splice(1, 0, `|${"---|".repeat(parts[0].length)}`);
    return rows.join("\n");
  }
  if (tag === "blockquote") return parts.map((block) => `> ${lineLight(block)}`).join("\n");
  return parts.map((item, n) => `${tag === "ol" ? `${start + n}.` : "-"} ${linesLight(item)}`).join("\n");
};
const light = (blocks) => blocks.map(blockLight).join("\n\n");
export const toLight = (source) => light(read(source));
