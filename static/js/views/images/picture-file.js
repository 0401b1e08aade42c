/** Pictures from files, the clipboard and the camera: cut to a square in this browser, never sent anywhere. */

/**
 * @typedef {{width: number, height: number}} Size
 * @typedef {Size & {rgba: Uint8ClampedArray}} Photo
 */

/**
 * The middle of a picture, as large as asked for.
 * @param {CanvasImageSource} source
 * @param {Size} from
 * @param {Size} to
 * @returns {Photo | null}
 */
export function croppedPhoto(source, from, to) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, to);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || from.width === 0 || from.height === 0) return null;
  const scale = Math.max(to.width / from.width, to.height / from.height);
  const [width, height] = [from.width * scale, from.height * scale];
  context.imageSmoothingQuality = "high";
  context.drawImage(source, (to.width - width) / 2, (to.height - height) / 2, width, height);
  return { ...to, rgba: context.getImageData(0, 0, to.width, to.height).data };
}

/**
 * @param {Blob} file
 * @param {Size} size
 * @returns {Promise<Photo | null>} null when it is no picture that this browser can read
 */
export async function photoOfFile(file, size) {
  try {
    const bitmap = await createImageBitmap(file);
    const photo = croppedPhoto(bitmap, bitmap, size);
    bitmap.close();
    return photo;
  } catch {
    return null;
  }
}

/**
 * @param {DataTransfer | null} transfer of a drop or a paste
 * @returns {File | null} the first file that may be a picture
 */
export function pictureIn(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find(({ type }) => type.startsWith("image/")) ?? files[0] ?? null;
}
