// Convert the blocks of a paste (paste.js) to light markup (see textkit/markup.py).
const START = /^(?:[-*] |[·•▪]|#|>|[[［](?:图|photo) ?\d)/i;
const NUMBERED = /^(\d{1,3})\.(?=[ \u3000\t])/;

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
// Asterisks stand at letters: blanks at the ends of bold words go outside.
const boldLight = (text) => {
  const [, before, inside, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  return `${before}**${inside}**${after}`;
};
const addressLight = (href) => (/^(?:[^()]|\([^()]*\))*$/.test(href) ? href : href.replace(/\(/g, "%28").replace(/\)/g, "%29"))
  .replace(/\s/g, encodeURIComponent).replace(/[\\|]/g, "\\$&");
const groupLight = (runs) => {
  const [{ bold, href }] = runs;
  const plain = runs.map(partLight).join("");
  const shown = bold && plain.trim() ? boldLight(plain) : plain;
  // Brackets in the words of a link would end them.
  return href ? `[${shown.replace(/\\?[[\]]/g, (mark) => `\\${mark.at(-1)}`)}](${addressLight(href)})` : shown;
};
// The lines of text in a block: light markup has no lists in lists, quotes or cells.
const linesOf = (block) => (block.runs ? [runsLight(block.runs)]
  : block.parts.flat().flatMap((part) => (part.blocks ? part.blocks.flatMap(linesOf) : linesOf(part))));
const linesLight = (blocks) => blocks.flatMap(linesOf).join(" ");
const MOST_COLUMNS = 50;
// Cells that span others leave them empty, so that each value stays under its heading.
const tableRows = (parts) => {
  const grid = parts.map(() => []);
  parts.forEach((row, y) => {
    let x = 0;
    for (const cell of row) {
      while (grid[y][x] !== undefined) x += 1;
      const text = linesLight(cell.blocks).replace(/\\\n/g, " ");
      const [width, height] = [Math.min(cell.colspan, MOST_COLUMNS), cell.rowspan || parts.length];
      for (let down = 0; down < Math.min(height, parts.length - y); down += 1) {
        for (let right = 0; right < width; right += 1) grid[y + down][x + right] = down || right ? "" : text;
      }
      x += width;
    }
  });
  return grid.map((row) => `| ${Array.from(row, (text) => text ?? "").join(" | ")} |`);
};
const itemsLight = ({ tag, parts, start }) => parts.flatMap((blocks, n) => {
  const isList = ({ tag: inner }) => inner === "ul" || inner === "ol";
  const own = linesLight(blocks.filter((block) => !isList(block)));
  const mark = tag === "ol" ? `${start + n}.` : "-";
  return [...(own ? [`${mark} ${own}`] : []), ...blocks.filter(isList).flatMap(itemsLight)];
});
const blockLight = (block) => {
  const { tag, runs, parts } = block;
  if (runs) {
    const text = runsLight(runs);
    return tag === "h2" ? `# ${text}` : text.replace(START, "\\$&").replace(NUMBERED, "$1\\.");
  }
  if (tag === "table") {
    const rows = tableRows(parts);
    if (parts[0].every((cell) => cell.tag === "th")) rows.splice(1, 0, `|${"---|".repeat(parts[0].length)}`);
    return rows.join("\n");
  }
  if (tag === "blockquote") return parts.flatMap(linesOf).map((line) => `> ${line}`).join("\n");
  return itemsLight(block).join("\n");
};
export const light = (blocks) => blocks.map(blockLight).join("\n\n");
