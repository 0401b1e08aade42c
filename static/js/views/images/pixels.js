/** Pictures of a few pixels on a canvas: in rows and columns, each pixel a square with sharp edges. */

/** @typedef {{shape: readonly number[], pictures: Uint8Array}} PictureBytes height, width, channels; one after the other */

/**
 * @param {PictureBytes} bytes
 * @param {number} place of the picture
 * @returns {ImageData}
 */
export function imageOf({ shape: [height, width, channels], pictures }, place) {
  const image = new ImageData(width, height);
  const start = place * height * width * channels;
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    const from = start + pixel * channels;
    image.data[pixel * 4] = pictures[from];
    image.data[pixel * 4 + 1] = pictures[from + (channels > 1 ? 1 : 0)];
    image.data[pixel * 4 + 2] = pictures[from + (channels > 1 ? 2 : 0)];
    image.data[pixel * 4 + 3] = 255;
  }
  return image;
}

/**
 * The canvas gets as many pixels as the pictures have; the style sheet makes it as large as it should be.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly ({bytes: PictureBytes, place: number} | null)[]} pictures all of one size; null leaves a place empty
 * @param {number} columns
 */
export function paintPictures(canvas, pictures, columns) {
  const [height, width] = pictures[0]?.bytes.shape ?? [1, 1];
  const gap = Math.max(1, Math.round(width / 14));
  const rows = Math.ceil(pictures.length / columns);
  canvas.width = columns * (width + gap) - gap;
  canvas.height = Math.max(1, rows * (height + gap) - gap);
  const context = canvas.getContext("2d");
  pictures.forEach((picture, index) => {
    if (picture === null) return;
    const { bytes, place } = picture;
    const [x, y] = [(index % columns) * (width + gap), Math.floor(index / columns) * (height + gap)];
    context?.putImageData(imageOf(bytes, place), x, y);
  });
}
