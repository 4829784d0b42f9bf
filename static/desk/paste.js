// Convert content pasted from Word, WPS, WeChat or a web page to paragraphs, lists and tables:
// the browser's part of textkit/paste_cleanup.py, for the text editor (toHtml) and text area (toLight).
const SKIPPED = /^(script|style|title|xml|template|del|svg|annotation|annotation-xml|button|select|textarea|head|meta|link|object|iframe)$/;
const HEADING = /^h[1-6]$/;
const COMPOUND = /^(ul|ol|table|blockquote)$/;
const BLOCK = /^(p|div|section|article|header|footer|main|aside|nav|address|center|pre|form|fieldset|dl|dt|dd|hr|figure|figcaption|caption|li|body)$/;
const BLANKS = /[ \t\r\n\f\v\u00a0]+/g;
// A line break of the source between two Chinese characters becomes no space.
const BROKEN = /([\p{Script=Han}\u{20000}-\u{3ffff}\u3000-\u33ff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\p{Script=Han}\u{20000}-\u{3ffff}\u3000-\u33ff\uff00-\uffef])/gu;
const BULLET = /^(?:[·•▪\uf000-\uf0ff]\s*|[lØü§] (?=[\p{Script=Han}\u{20000}-\u{3ffff}\u3000-\u33ff“（《]))/u;
const NUMBER = /^[(（]?(\d{1,3})[.)．、）]?$/;
const WORDED = /^[(（]?[A-Za-z一二三四五六七八九十]+[.)、．）]$/;
// Side matter of a text: the same rules as textkit/side_matter.py, with what each one is.
const SIDE_STYLE = /mso-element\s*:\s*(comment|footnote|endnote|header|footer)|mso-special-character\s*:\s*(comment)|mso-(footnote|endnote)-id|mso-(comment)-(?:reference|continuation)/i;
const SIDE_CLASS = /^(?:mso(?:(comment)(?:reference|text|subject)|(com)(?:anchor|txt|off|hov)|(footnote|endnote)(?:reference|text)|(del))|sd(foot|end)note(?:anc|sym)?|(foot|end)notes?(?:-?(?:ref|text|reference))?|(mw)-references-wrap|(mw)-editsection)$/i;
const SIDE_ID = /^_?(?:(ftn|edn|cmnt|sdfootnote|sdendnote)\d+(?:sym)?|_(com)_\d+)$/i;
const SIDE_TARGET = /^[^#]*#(?:_?(msocom|msoanchor|com|anchor)_?\d+|_?(cmnt)(?:_ref)?\d+|_?(ftn|edn)(?:t?_?ref|t)?\d+|sd(foot|end)note\d+(?:sym|anc)|(cite)_(?:note|ref)[\p{L}\p{N}_:.-]+|(fn)(?:ref)?[:_-]?[\p{L}\p{N}_]*\d)$/iu;
const SIDE_BACK = /^[^#]*#(?:_?(msoanchor|anchor)_?\d+|_?(cmnt)_ref\d+|_?(ftn|edn)t?_?ref\d+|sd(foot|end)note\d+anc|(cite)_ref[\p{L}\p{N}_:.-]+|(fn)ref[:_-]?[\p{L}\p{N}_]*\d)$/iu;
const SIDE_MARK = /^\s*(?:[[［(（]\s*[\p{L}\p{N}_*†‡§\u2460-\u2473]{1,6}\s*[\]）)］]|\d{1,3}[a-z]?|[a-z]{1,2}\d{0,3}|[ivx]{1,5}|[*†‡§]{1,3}|[\u2460-\u2473↑↩^])\s*$/iu;
const NOTE = /^(p|li|dd)$/;
const markFor = (link, target) => {
  const found = target.exec(link.getAttribute("href") || "");
  return found && SIDE_MARK.test(link.textContent) ? found : null;
};
// A note begins with the mark that leads back to the text.
const wayBack = (block) => {
  let node = block;
  while (node && node.localName !== "a") {
    node = [...node.childNodes].find((child) => child.nodeType === Node.ELEMENT_NODE
      || (child.nodeType === Node.TEXT_NODE && child.data.trim()));
    if (node?.nodeType === Node.TEXT_NODE) return null;
  }
  return node ? markFor(node, SIDE_BACK) : null;
};
const sideMatter = (node, style) => {
  const kind = [...node.classList].map((name) => SIDE_CLASS.exec(name)).find(Boolean);
  if (node.localName === "a") {
    return markFor(node, SIDE_TARGET) || kind;
  }
  return SIDE_STYLE.exec(style) || kind || SIDE_ID.exec(node.id)
    || (NOTE.test(node.localName) ? wayBack(node) : null);
};
// How many comments, notes and deletions the last paste has left out; their marks are not counted.
let dropped = {};
export const leftOut = () => dropped;
const count = (node, found) => {
  if (node.localName === "a" || !node.textContent.trim() || /list/i.test(styleOf(node))) return;
  const kind = found === "del" ? "deletions" : /com|cmnt|anchor/i.test(found.filter(Boolean).at(-1)) ? "comments" : "notes";
  if (found !== "del" && /reference|anchor|ref\b/i.test(node.className)) return;
  dropped[kind] = (dropped[kind] || 0) + 1;
};
// By character: a pattern would try each place of a long gap anew.
const isEdge = (mark) => mark === " " || mark === "\n" || mark === "\u3000";
const withoutStart = (text) => {
  let at = 0;
  while (isEdge(text[at])) at += 1;
  return text.slice(at);
};
const withoutEnd = (text) => {
  let end = text.length;
  while (isEdge(text[end - 1])) end -= 1;
  return text.slice(0, end);
};
const trimmed = (text) => withoutStart(withoutEnd(text));
const styleOf = (node) => node.getAttribute("data-style") || "";
// Our Content-Security-Policy reports each parsed style attribute, so rename them first. What does
// not end goes to the end of the text: otherwise each < searches all of the rest.
const renamed = (source) => source.replace(/<style[\s\S]*?(?:<\/style>|$)/gi, "")
  .replace(/<[^>]*(?:>|$)/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));

const lookOf = (node, tag, look) => {
  const style = styleOf(node);
  let bold = look.bold || tag === "b" || tag === "strong" || /font-weight\s*:\s*(bold|[6-9]00)/i.test(style);
  if (/font-weight\s*:\s*(normal|[1-5]00)/i.test(style)) bold = false;
  const href = tag === "a" ? (node.getAttribute("href") || "").trim() : "";
  const raised = /vertical-align\s*:\s*(super|sub|baseline)\b/i.exec(style);
  const script = tag === "sup" || tag === "sub" ? tag
    : raised ? { super: "sup", sub: "sub", baseline: "" }[raised[1].toLowerCase()] : look.script;
  const space = /white-space(?:-collapse)?\s*:\s*(?:(normal|nowrap|collapse)|pre|break-spaces)/i.exec(style);
  const pre = space ? !space[1] : look.pre || tag === "pre";
  return { bold, script, pre, href: /^(https?:\/\/|mailto:)/i.test(href) ? href : look.href };
};

class Flow {
  blocks = [];
  runs = [];
  marker = "";

  walk(node, look) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const lines = look.pre ? child.data.split(/\r\n?|\n/) : [child.data.replace(BROKEN, "$1")];
        lines.forEach((line, n) => {
          if (n) this.runs.push({ ...look, text: "\n" });
          this.runs.push({ ...look, text: line.replace(BLANKS, " ") });
        });
      } else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, look);
    }
    return this;
  }

  element(node, look) {
    const tag = node.localName;
    const style = styleOf(node);
    if (tag === "del") count(node, "del");
    if (SKIPPED.test(tag) || this.leavesOut(node)) return;
    if (tag === "br") this.runs.push({ ...look, text: "\n" });
    else if (/mso-list\s*:\s*ignore/i.test(style)) this.marker += node.textContent;
    // Of a formula's power or index the second part is raised or lowered.
    else if (/^(msup|msub|msubsup)$/.test(tag)) {
      const scripts = [look.script, ...{ msup: ["sup"], msub: ["sub"], msubsup: ["sub", "sup"] }[tag]];
      [...node.children].forEach((part, n) => this.walk(part, { ...look, script: scripts[Math.min(n, scripts.length - 1)] }));
    } else if (HEADING.test(tag)) this.inBlock(node, "h2", look, tag);
    else if (COMPOUND.test(tag)) this.compound(node, tag, look);
    else if (BLOCK.test(tag)) this.inBlock(node, "p", look, tag);
    else this.walk(node, lookOf(node, tag, look));
  }

  // Whether a part of the source is hidden or side matter, which is counted.
  leavesOut(node) {
    if (/display\s*:\s*none|mso-hide\s*:\s*all/i.test(styleOf(node))) return true;
    const side = sideMatter(node, styleOf(node));
    if (side) this.leave(node, side);
    return Boolean(side);
  }

  // A list of notes is counted by its notes.
  leave(node, side) {
    const inside = [...node.children].filter((child) => sideMatter(child, styleOf(child)));
    const isList = /-list/i.test(styleOf(node));
    if (!isList || !inside.length) count(node, side);
    else for (const child of inside) this.leave(child, sideMatter(child, styleOf(child)));
  }

  inBlock(node, kind, look, tag) {
    this.flush();
    this.walk(node, lookOf(node, tag, look));
    this.flush(kind);
  }

  compound(node, tag, look) {
    this.flush();
    const shown = (nodes) => [...nodes].filter((one) => !this.leavesOut(one));
    const inside = (part) => new Flow().walk(part, look).done();
    let parts;
    if (tag === "table") {
      parts = shown(node.rows).map((row) => shown(row.cells).map((cell) => ({
        tag: cell.localName, blocks: inside(cell), colspan: cell.colSpan, rowspan: cell.rowSpan,
      })));
      parts = parts.filter((row) => row.length);
      if (!parts.flat().some((cell) => cell.blocks.length)) return;
    } else if (tag === "blockquote") parts = inside(node);
    else parts = shown(node.children).map(inside).filter((item) => item.length);
    if (parts.length) this.blocks.push({ tag, parts, start: Number(node.getAttribute("start")) || 1 });
  }

  flush(tag = "p") {
    const text = [];
    for (const run of this.runs) {
      const last = text.at(-1);
      if (last && last.bold === run.bold && last.href === run.href && last.script === run.script) last.text += run.text;
      else text.push({ ...run });
    }
    this.runs = [];
    const marker = trimmed(this.marker.replace(BLANKS, " "));
    this.marker = "";
    while (text.length && !(text[0].text = withoutStart(text[0].text))) text.shift();
    while (text.length && !(text.at(-1).text = withoutEnd(text.at(-1).text))) text.pop();
    if (!text.length) return;
    if (tag === "h2") for (const run of text) run.bold = false;
    for (const run of text) {
      const lines = run.text.split("\n");
      run.text = lines.map((line, n) => {
        const start = n ? withoutStart(line) : line;
        return n < lines.length - 1 ? withoutEnd(start) : start;
      }).join("\n");
    }
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

const read = (source) => {
  dropped = {};
  const { body } = new DOMParser().parseFromString(renamed(source), "text/html");
  return new Flow().walk(body, { bold: false, href: "", script: "", pre: false }).done();
};

// Convert to HTML.
const escaped = (text) => text.replace(/[&<>"]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark]);
const runHtml = ({ text, bold, href, script }) => {
  const plain = escaped(text).replace(/\n/g, "<br>");
  const inner = script && text.trim() ? `<${script}>${plain}</${script}>` : plain;
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

// Convert to light markup (see textkit/markup.py).
const START = /^(?:[-*] |[·•▪]|#|>|\d{1,3}\.[ \u3000\t]|[[［](?:图|photo) ?\d)/i;
const partLight = ({ text, script }) => {
  if (script && /^[^{}\n]{1,40}$/.test(text) && text.trim()) return `${script === "sup" ? "^" : "_"}{${text}}`;
  return text.replace(/\\|\*\*|\[(?=[^[\]\n]+\]\()|\||[\^_](?=\{)/g, "\\$&").replace(/\n/g, "\\\n");
};
// Neighbours of one look, whatever their height, stand between the same asterisks.
const groups = (runs) => runs.reduce((found, run) => {
  const last = found.at(-1);
  if (last && last[0].bold === run.bold && last[0].href === run.href) last.push(run);
  else found.push([run]);
  return found;
}, []);
const runsLight = (runs) => groups(runs).map(groupLight).join("");
const groupLight = (runs) => {
  const [{ bold, href }] = runs;
  const plain = runs.map(partLight).join("");
  const shown = bold && plain.trim() ? `**${plain.trim()}**` : plain;
  return href ? `[${shown}](${href.replace(/[()\s]/g, encodeURIComponent)})` : shown;
};
const lineLight = (block) => (block.runs ? runsLight(block.runs) : light([block]).replace(/\n+/g, " "));
const linesLight = (blocks) => blocks.map(lineLight).join(" ");
const blockLight = ({ tag, runs, parts, start }) => {
  if (runs) {
    const text = runsLight(runs);
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
