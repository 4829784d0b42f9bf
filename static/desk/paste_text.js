// Plain text copied from a column, such as one of a PDF file: each line of print is a line. Join
// them to paragraphs, by the rules of ingest/page_parser/lines.py.
const LEAST_LINES = 8;
const LEAST_WIDTH = 10;
const ENDS = /[。！？”!?]$/;
const sizeOf = (line) => [...line].reduce((sum, mark) => sum + (mark < "\u0080" ? 0.5 : 1), 0);
const isIndented = (line) => /^[ \t\u3000\xa0]*(?:\u3000|\t|[ \xa0]{2})/.test(line);

const columnWidth = (lines) => {
  const full = lines.filter((line) => line.trim() && line.length <= 120);
  if (full.length < LEAST_LINES) return 0;
  const sized = full.map((line) => Math.round(sizeOf(line.trim())) + 2 * isIndented(line));
  const near = (width) => full.filter((_line, n) => sized[n] <= width && sized[n] >= width - 2);
  const width = sized.reduce((best, size) => (near(size).length > near(best).length ? size : best), sized[0]);
  const torn = near(width).filter((line) => !ENDS.test(line.trim())).length;
  const many = near(width).length;
  // Lines of a list or a poem have hardly a mark inside.
  const running = near(width).filter((line) => /[，。、；：！？,.;:][^\s]/.test(line)).length;
  const isSet = width >= LEAST_WIDTH && width <= 50 && many >= 0.45 * full.length;
  return isSet && torn >= 0.6 * many && running >= 0.4 * many ? width : 0;
};

// Return the text, and how many of its lines were joined to the one before.
export const joinColumns = (source) => {
  const lines = source.split(/\r\n?|\n/).slice(0, 5000);
  const width = source.length > 200000 ? 0 : columnWidth(lines);
  if (!width) return { text: source, joined: 0 };
  const made = [];
  let [wasFull, joined] = [false, 0];
  for (const line of lines) {
    const text = line.trim();
    if (wasFull && text && !isIndented(line)) {
      const gap = /[0-9A-Za-z]$/.test(made.at(-1)) && /^[0-9A-Za-z]/.test(text) ? " " : "";
      made[made.length - 1] += gap + text;
      joined += 1;
    } else made.push(text);
    const size = sizeOf(text) + 2 * isIndented(line);
    wasFull = Boolean(text) && size >= width - 2 && !(ENDS.test(text) && size < width);
  }
  return { text: made.join("\n"), joined };
};
