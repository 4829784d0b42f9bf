// Convert content pasted from Word, WPS, WeChat or a web page to paragraphs, lists and tables:
// the browser's part of textkit/paste_cleanup.py, for the text editor (toHtml) and text area (toLight).
import { light } from "./paste_light.js";

const SKIPPED = /^(script|style|title|xml|template|del|svg|annotation|annotation-xml|button|select|textarea|head|meta|link|object|iframe|noscript|video|audio|canvas|datalist|noembed|noframes|rp)$/;
const PLAYED = /^(iframe|video|audio|object|embed)$/;
const HEADING = /^h[1-6]$/;
const COMPOUND = /^(ul|ol|table|blockquote)$/;
const BLOCK = /^(p|div|section|article|header|footer|main|aside|nav|address|center|pre|form|fieldset|dl|dt|dd|hr|figure|figcaption|caption|li|body)$/;
const BLANKS = /[ \t\r\n\f\v\u00a0]+/g;
// A line break of the source between two Chinese characters becomes no space.
const BROKEN = /([\p{Script=Han}\u{20000}-\u{3ffff}\u3000-\u33ff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\p{Script=Han}\u{20000}-\u{3ffff}\u3000-\u33ff\uff00-\uffef])/gu;
const BULLET = /^(?:[·•▪\uf000-\uf0ff]\s*|[lØü§] (?=[\p{Script=Han}\u{20000}-\u{3ffff}\u3000-\u33ff“（《]))/u;
const NUMBER = /^(\d{1,3})[.．、]?$/;
// A marker of one character that is no bullet: a number in a circle, 一.
const ONE_NUMBER = /^[0-9\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289\p{Script=Han}]$/u;
const COUNTED = /list-style[^;]*\b(?:(cjk-ideographic|(?:simp|trad)-chinese-informal)|(lower-(?:alpha|latin))|(upper-(?:alpha|latin)))\b/i;
const FIELD = /mso-element\s*:\s*field-(begin|separator|end)/i;
// What a page shows around an element without writing it.
const AROUND = { rt: ["（", "）"], q: ["“", "”"] };
const SCRIPTS = { msup: ["sup"], msub: ["sub"], msubsup: ["sub", "sup"], munder: ["sub"], munderover: ["sub", "sup"] };
const RAISED = /(?:mso-text-raise|vertical-align)\s*:\s*(-?)\s*([0-9.]{1,8})\s*(pt|px|em|%)/i;
const POINTS = { pt: 1, px: 0.75, em: 10, "%": 0.1 };
const SIGNS = /^\s*[0-9A-Za-z+\-−–=(),.*′]{1,10}\s*$/;
const STRUCK = /text-decoration(?:-line)?\s*:[^;]*line-through/i;
const EMOJI = /^(?=.*[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3])[\p{Extended_Pictographic}\p{Regional_Indicator}\u{1f3fb}-\u{1f3ff}\ufe0e\ufe0f\u200d\u20e30-9#*]{1,20}$/u;
// Side matter of a text: the same rules as textkit/side_matter.py, with what each one is.
const SIDE_STYLE = /mso-element\s*:\s*(comment|footnote|endnote|header|footer)|mso-special-character\s*:\s*(comment)|mso-(footnote|endnote)-id|mso-(comment)-(?:reference|continuation)/i;
const SIDE_CLASS = /^(?:mso(?:(comment)(?:reference|text|subject)|(com)(?:anchor|txt|off|hov)|(footnote|endnote)(?:reference|text)|(del|movefrom))|(trackchange)\w*delet\w*|sd(foot|end)note(?:anc|sym)?|(foot|end)notes?(?:-?(?:ref|text|reference))?|(mw)-references-wrap|(mw)-editsection)$/i;
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
// What the last paste has left out: comments, notes and deletions (their marks are not counted),
// pictures; and the words that were struck through, which stay.
let dropped = {};
export const leftOut = () => dropped;
const add = (kind, much = 1) => { dropped[kind] = (dropped[kind] || 0) + much; };
const isPicture = ({ localName, width, height }) => PLAYED.test(localName) || (localName === "img" && width !== 1 && height !== 1);
const count = (node, found) => {
  if (node.localName === "a" || !node.textContent.trim() || /list/i.test(styleOf(node))) return;
  const what = found === "del" ? found : found.filter(Boolean).at(-1);
  const kind = /^(del|movefrom|trackchange)$/i.test(what) ? "deletions" : /com|cmnt|anchor/i.test(what) ? "comments" : "notes";
  if (kind !== "deletions" && /reference|anchor|ref\b/i.test(node.className)) return;
  add(kind);
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

// Whether an element is raised or lowered: by its tag, its style, or by a distance, which raises
// signs only (see textkit/paste_style.py).
const scriptOf = (node, tag, style) => {
  if (tag === "sup" || tag === "sub") return tag;
  const said = /vertical-align\s*:\s*(super|sub|baseline)\b/i.exec(style);
  if (said) return { super: "sup", sub: "sub", baseline: "" }[said[1].toLowerCase()];
  const [, minus, number, unit] = RAISED.exec(style) || [];
  if (!(Number(number) * POINTS[unit?.toLowerCase()] >= 2) || !SIGNS.test(node.textContent)) return undefined;
  return minus ? "sub" : "sup";
};

const lookOf = (node, tag, look) => {
  const style = styleOf(node);
  let bold = look.bold || tag === "b" || tag === "strong" || /font-weight\s*:\s*(bold|[6-9]00)/i.test(style);
  if (/font-weight\s*:\s*(normal|[1-5]00)/i.test(style)) bold = false;
  const href = tag === "a" ? (node.getAttribute("href") || "").trim() : "";
  const script = scriptOf(node, tag, style) ?? look.script;
  const struck = /^(s|strike)$/.test(tag) || STRUCK.test(style);
  if (struck && !look.struck && node.textContent.trim()) (dropped.struck ||= []).push(trimmed(node.textContent.replace(BLANKS, " ")));
  const space = /white-space(?:-collapse)?\s*:\s*(?:(normal|nowrap|collapse)|pre|break-spaces)/i.exec(style);
  const pre = space ? !space[1] : look.pre || tag === "pre";
  return { bold, script, pre, struck: struck || look.struck, href: /^(https?:\/\/|mailto:)/i.test(href) ? href : look.href };
};

// The parts of a formula, each a list of nodes, as loose items are below.
const partsOf = (node) => [...node.childNodes]
  .filter((one) => one.nodeType === Node.ELEMENT_NODE || (one.nodeType === Node.TEXT_NODE && one.data.trim()))
  .map((one) => [one]);
const wordsOf = (part) => part.textContent ?? part.map((one) => one.textContent).join("");
const brackets = (node) => (/^\s*[\p{L}\p{N}_.%]*\s*$/u.test(wordsOf(node)) ? ["", ""] : ["(", ")"]);
// The items of a list; what stands loose between them is an item too.
const INSIDE_A_LINE = /^(a|b|strong|span|font|i|em|u|s|label|small|sup|sub|q)$/;
const itemsOf = (node) => {
  const items = [];
  let loose = [];
  const end = () => {
    if (wordsOf(loose).trim()) items.push(loose);
    loose = [];
  };
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE || INSIDE_A_LINE.test(child.localName)) loose.push(child);
    else if (child.nodeType === Node.ELEMENT_NODE) {
      end();
      items.push(child);
    }
  }
  end();
  return items;
};
// A printed list has digits alone: 一、 and a. are written out.
const TENS = ["", "", ..."二三四五六七八九"];
const ONES = ["", ..."一二三四五六七八九"];
const kindOf = (node) => {
  if (!node.getAttribute) return "";
  const [, han, lower, upper] = COUNTED.exec(styleOf(node)) || [];
  if (han || lower || upper) return han ? "han" : lower ? "a" : "A";
  return /^[aA]$/.test(node.getAttribute("type")) ? node.getAttribute("type") : "";
};
const wordedMarker = (parent, child, number) => {
  const kind = kindOf(child) || kindOf(parent);
  if (kind === "han" && number > 0 && number < 100) {
    const [tens, ones] = [Math.floor(number / 10), number % 10];
    return `${TENS[tens]}${tens ? "十" : ""}${ONES[ones]}、`;
  }
  return /^a$/i.test(kind) && number > 0 && number <= 26 ? `${String.fromCharCode(kind.charCodeAt(0) + number - 1)}.` : "";
};
const withMarker = (marker, runs) => {
  const gap = /[0-9A-Za-z\p{Script=Han}]$/u.test(marker) ? " " : "";
  return [{ ...runs[0], text: marker + gap + runs[0].text }, ...runs.slice(1)];
};
const worded = (marker, [first, ...rest]) => (first.tag === "p"
  ? [{ ...first, runs: withMarker(marker, first.runs) }, ...rest]
  : [{ tag: "p", runs: [{ text: marker, bold: false, href: "", script: "" }], marker: "" }, first, ...rest]);

class Flow {
  blocks = [];
  runs = [];
  marker = "";
  // Where the open fields of Word began among the runs; null for one whose result is read.
  fields = [];

  walk(node, look) {
    for (const child of node.childNodes || node) {
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
    if (isPicture(node) && !EMOJI.test(node.alt || "")) add("pictures");
    if (SKIPPED.test(tag) || this.leavesOut(node)) return;
    this.field(FIELD.exec(style)?.[1].toLowerCase());
    if (tag === "br") this.write("\n", look);
    else if (tag === "img") this.write(EMOJI.test(node.alt) ? node.alt : "", look);
    else if (/mso-list\s*:\s*ignore/i.test(style)) this.marker += node.textContent;
    // Of a formula's power or index the second part is raised or lowered.
    else if (SCRIPTS[tag]) {
      const scripts = [look.script, ...SCRIPTS[tag]];
      partsOf(node).forEach((part, n) => this.walk(part, { ...look, script: scripts[Math.min(n, scripts.length - 1)] }));
    } else if (tag === "mfrac") {
      partsOf(node).forEach((part, n) => {
        this.write(n ? "/" : "", look);
        this.between(brackets(part), part, look);
      });
    } else if (tag === "msqrt") {
      this.write("√", look);
      this.between(brackets(node), node, look);
    } else if (AROUND[tag] && node.textContent.trim()) this.between(AROUND[tag], node, lookOf(node, tag, look));
    else if (HEADING.test(tag)) this.inBlock(node, "h2", look, tag);
    else if (COMPOUND.test(tag)) this.compound(node, tag, look);
    else if (BLOCK.test(tag)) this.inBlock(node, "p", look, tag);
    else this.walk(node, lookOf(node, tag, look));
  }

  // Whether a part of the source is hidden or side matter, which is counted.
  leavesOut(node) {
    if (node.hasAttribute("hidden") || node.classList.contains("katex-html")) return true;
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

  write(text, look) {
    this.runs.push({ ...look, text });
  }

  between([before, after], node, look) {
    this.write(before, look);
    this.walk(node, look);
    this.write(after, look);
  }

  // The mark of a field of Word: its code (PAGEREF …) is no text, its result is.
  field(mark) {
    if (mark === "begin") this.fields.push(this.runs.length);
    if (!mark || mark === "begin") return;
    const start = this.fields.pop() ?? null;
    if (start !== null) this.runs.length = start;
    if (mark === "separator") this.fields.push(null);
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
    if (tag === "ul" || tag === "ol") {
      this.list(node, tag, look);
      return;
    }
    if (tag === "table") {
      for (const child of shown(node.children)) if (child.localName === "caption") this.blocks.push(...inside(child));
      parts = shown(node.rows).map((row) => shown(row.cells).map((cell) => ({
        tag: cell.localName, blocks: inside(cell), colspan: cell.colSpan, rowspan: cell.rowSpan,
      })));
      parts = parts.filter((row) => row.length);
      if (!parts.flat().some((cell) => cell.blocks.length)) return;
    } else parts = inside(node);
    if (parts.length) this.blocks.push({ tag, parts });
  }

  // A list; one whose numbers do not follow one another becomes several.
  list(node, tag, look) {
    const inside = (part) => new Flow().walk(part, look).done();
    const made = [];
    let [number, expected] = [Number(node.getAttribute("start")) || 1, 0];
    for (const child of itemsOf(node)) {
      const last = made.at(-1);
      if (/^(ul|ol)$/.test(child.localName)) {
        const nested = inside([child]);
        // A list beside the items instead of in one, as web editors write it.
        if (/^(ul|ol)$/.test(last?.tag)) last.parts.at(-1).push(...nested);
        else made.push(...nested);
        continue;
      }
      if (child.localName && this.leavesOut(child)) continue;
      const blocks = inside(child);
      if (!blocks.length) continue;
      number = Number(child.getAttribute?.("value")) || number;
      const marker = wordedMarker(node, child, number);
      if (marker) made.push(...worded(marker, blocks));
      else if (last?.tag === tag && expected === number) last.parts.push(blocks);
      else made.push({ tag, parts: [blocks], start: tag === "ol" ? number : 1 });
      number += 1;
      expected = number;
    }
    this.blocks.push(...made);
  }

  flush(tag = "p") {
    const text = [];
    for (const run of this.runs) {
      const last = text.at(-1);
      if (last && last.bold === run.bold && last.href === run.href && last.script === run.script) last.text += run.text;
      else text.push({ ...run });
    }
    this.runs = [];
    this.fields = [];
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
  if ([...marker].length === 1 && !ONE_NUMBER.test(marker)) return { tag: "ul", runs, start: 1 };
  return { tag: "", runs: withMarker(marker, runs) };
};

// A number that does not follow the one before begins a list of its own, so none is changed.
const withLists = (blocks) => {
  const made = [];
  let [open, expected] = ["", 0];
  for (const block of blocks) {
    const item = asItem(block);
    if (!item?.tag) {
      made.push(item ? { ...block, runs: item.runs } : block);
      open = "";
      continue;
    }
    const part = [{ tag: "p", runs: item.runs }];
    if (open === item.tag && (open === "ul" || expected === item.start)) made.at(-1).parts.push(part);
    else made.push({ tag: item.tag, start: item.start, parts: [part] });
    [open, expected] = [item.tag, item.start + 1];
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

export const toLight = (source) => light(read(source));
