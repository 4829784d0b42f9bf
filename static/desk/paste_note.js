// What a writer is told about a paste: what it left out, kept without its looks, or joined.
const MOST = 3;
const LONGEST = 12;
const short = (text) => ([...text].length > LONGEST ? `${[...text].slice(0, LONGEST).join("")}…` : text);

export const noteOf = ({ comments, notes, deletions, pictures, struck, joined }) => {
  const say = (words, n) => gettext(words).replace("{n}", n);
  const parts = [
    comments && say("{n} comments", comments),
    notes && say("{n} footnotes or endnotes", notes),
    deletions && say("{n} tracked deletions", deletions),
    pictures && say("{n} pictures or videos", pictures),
  ].filter(Boolean);
  const sentences = [];
  if (parts.length) {
    sentences.push(gettext("Left out of the paste: {parts}. Add by hand what is needed.")
      .replace("{parts}", parts.join(gettext(", "))));
  }
  if (struck?.length) {
    const words = struck.slice(0, MOST).map((text) => gettext("“{text}”").replace("{text}", () => short(text)));
    sentences.push(say("Struck-through words were kept, without the line, in {n} places: {words}. Delete what is not to be printed.", struck.length)
      .replace("{words}", () => words.join("") + (struck.length > MOST ? "…" : "")));
  }
  if (joined) sentences.push(say("{n} broken lines were joined to paragraphs. Undo (Ctrl+Z) if that is wrong.", joined));
  return sentences.reduce((said, next) => said + (said && !said.endsWith("。") ? " " : "") + next, "");
};
