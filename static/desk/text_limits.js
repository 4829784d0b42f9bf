// Limits of fields in characters, as on the server: one outside the basic plane (𠮷) is two units for
// `maxlength`, so the limit in units grows by one for each.
const astral = (text) => text.length - [...text].length;

const fit = ({ type, target: field, data }) => {
  if (!(field.maxLength > 0)) return;
  const limit = Number(field.dataset.limit ||= field.maxLength);
  let text = field.value;
  if (type === "beforeinput" && data) {
    const rest = text.slice(0, field.selectionStart) + text.slice(field.selectionEnd);
    const room = Math.max(0, limit - [...rest].length);
    text += [...data].slice(0, room).join("");
  }
  field.maxLength = limit + astral(text);
};
for (const type of ["focusin", "beforeinput", "input"]) document.addEventListener(type, fit);
