// A phone's photo is made smaller before it is sent, where the browser can; else it goes as it is.
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
    // A JPEG has no holes: they are white, as they are at the server and on paper.
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
