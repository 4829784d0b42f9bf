// Length in 字. The rule and its classes of characters are those of textkit/char_count.py; a test
// compares the two (tests/textkit/test_char_count.py).
const CHARACTERS = "\\u2100-\\u214f\\u2160-\\u218b\\u2460-\\u24ff\\u2776-\\u2793\\u2e80-\\u2fff\\u3005-\\u3007\\u3021-\\u3029"
  + "\\u3038-\\u303c\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u3163\\u3165-\\ua4cf\\ua960-\\ua97f"
  + "\\uac00-\\ud7ff\\ue000-\\ufaff\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a\\uff66-\\uff9f\\uffa1-\\uffdc"
  + "\\u{1f100}-\\u{1f1e5}\\u{20000}-\\u{3ffff}\\u{f0000}-\\u{10ffff}";
const MARKS = "\\xa4\\xa7\\xa8\\xb0\\xb1\\xb7\\xd7\\xf7\\u2014-\\u2018\\u201a-\\u2027\\u2030-\\u205e\\u2190-\\u245f"
  + "\\u2500-\\u2775\\u2794-\\u2bff\\u3001-\\u3004\\u3008-\\u3020\\u302a-\\u3037\\u303d-\\u3040\\u3097-\\u309c"
  + "\\u30a0\\u30fb\\ufe10-\\ufe1f\\ufe30-\\ufe6f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65"
  + "\\uffe0-\\uffee\\u{1f000}-\\u{1f0ff}\\u{1f1e6}-\\u{1faff}";
const JOINERS = "\\u2010-\\u2013\\u2019";
const BLANKS = "\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const INVISIBLE = "\\xad\\u034f\\u061c\\u115f\\u1160\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164"
  + "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\uffff\\u{e0000}-\\u{e0fff}";
const EMOJI = "\\u2190-\\u21ff\\u2300-\\u23ff\\u2600-\\u27bf\\u2b00-\\u2bff\\u{1f000}-\\u{1faff}";
const HALF_WIDTH = `[^${CHARACTERS}${MARKS}${JOINERS}${BLANKS}${INVISIBLE}]`;
const INSIDE = `(?<=[0-9A-Za-z])[${JOINERS}](?=[0-9A-Za-z])`;
const RUN = new RegExp(`${HALF_WIDTH}(?:[${INVISIBLE}]*${HALF_WIDTH}|${INSIDE})*`, "gu");
const CHARACTER = new RegExp(`[${CHARACTERS}]`, "gu");
const MARK = new RegExp(
  "[\\u{1f1e6}-\\u{1f1ff}]{2}"
  + `|[${EMOJI}](?:[\\ufe0e\\ufe0f\\u20e3\\u{1f3fb}-\\u{1f3ff}]|\\u200d[${EMOJI}])*`
  + `|[${MARKS}]|(?<![0-9A-Za-z])[${JOINERS}]|[${JOINERS}](?![0-9A-Za-z])`, "gu");
const ONLY_MARKS = new RegExp(
  "^[!-\\/:-@\\[-`\\{-~\\xa1-\\xa3\\xa5\\xa6\\xa9\\xab\\xac\\xae\\xaf\\xb4\\xb6\\xb8\\xbb\\xbf\\u0300-\\u036f\\u20a0-\\u20ff"
  + `${INVISIBLE}${JOINERS}]+$`, "u");

const all = (text, pattern) => text.match(pattern) || [];

export const countChars = (text, { marks = true } = {}) => {
  const runs = all(text, RUN).filter((run) => !ONLY_MARKS.test(run)).length;
  return runs + all(text, CHARACTER).length + (marks ? all(text, MARK).length : 0);
};

// The text of HTML, its blocks apart: no run of letters goes on in the next one.
export const textOfHtml = (source) => new DOMParser()
  .parseFromString(source.replace(/<(?:br|\/(?:p|h\d|li|t[dhr]))\b/gi, "\n$&"), "text/html").body.textContent;

// The text of light markup (textkit/markup.py) without its marks.
export const textOfLight = (source) => source
  .replace(/^(?:[[［]图\d+[\]］]|\s*(?:#+|[-*>]|\d+[.)]) )/gm, "")
  .replace(/\]\([^)\n]*\)|\*\*|\\(?=.|$)/gm, "")
  .replace(/\|/g, " ");
