// Resize a phone's photo before the upload if the browser can; otherwise send the original.
const LONGEST = 3000;
const LARGE = 2_000_000;

export const smaller = async (file) => {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size < LARGE) { bitmap.close(); return file; }
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    const context = canvas.getContext("2d");
    // JPEG has no transparency: use white, like the server and paper.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const made = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.9); });
    return made && made.size < file.size ? made : file;
  } catch {
    return file;
  }
};
