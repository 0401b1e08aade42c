/** Small pictures on canvases, a pixel for a pixel; the style sheet makes them large. */

import { paintValues } from "../../core/color.js";

/**
 * @param {HTMLCanvasElement} canvas takes the size
 * @param {number} width
 * @param {number} height
 * @param {(bytes: Uint8ClampedArray<ArrayBuffer>) => void} paint
 */
function drawPixels(canvas, width, height, paint) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(width, height);
  paint(image.data);
  context.putImageData(image, 0, 0);
}

/**
 * @param {HTMLCanvasElement} canvas takes the picture's size
 * @param {ArrayLike<number>} picture 0 to 255, shape [height, width, channels]
 * @param {readonly number[]} shape height, width, channels
 */
export function drawPicture(canvas, picture, [height, width, channels]) {
  drawPixels(canvas, width, height, (bytes) => {
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      for (let color = 0; color < 3; color += 1)
        bytes[pixel * 4 + color] = picture[pixel * channels + Math.min(color, channels - 1)];
      bytes[pixel * 4 + 3] = 255;
    }
  });
}

/**
 * @param {HTMLCanvasElement} canvas takes the map's size
 * @param {ArrayLike<number>} values shape [height, width]
 * @param {{width: number, height: number, ramp: Uint32Array, reach: number}} style reach: the value that has the full colour
 */
export function drawMap(canvas, values, { width, height, ramp, reach }) {
  const scaled = Float32Array.from(values, (value) => (reach > 0 ? value / reach : 0));
  drawPixels(canvas, width, height, (bytes) => paintValues(scaled, ramp, new Uint32Array(bytes.buffer)));
}
