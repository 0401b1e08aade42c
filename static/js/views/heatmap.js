/** One grid of numbers on one canvas. */

import { paintValues } from "../core/color.js";

/** Each canvas keeps its pixels: thirty pictures a second of a hundred units would make much rubbish. */
/** @type {WeakMap<HTMLCanvasElement, ImageData>} */
const images = new WeakMap();

/**
 * @param {HTMLCanvasElement} canvas takes the grid's size
 * @param {ArrayLike<number>} grid length size * size, -1 to 1
 * @param {{size: number, ramp: Uint32Array, isDiscrete?: boolean}} style
 */
export function drawGrid(canvas, grid, { size, ramp, isDiscrete = false }) {
  if (canvas.width !== size) Object.assign(canvas, { width: size, height: size });
  const context = canvas.getContext("2d");
  if (!context) return;
  const kept = images.get(canvas);
  const image = kept?.width === size ? kept : context.createImageData(size, size);
  images.set(canvas, image);
  paintValues(grid, ramp, new Uint32Array(image.data.buffer), isDiscrete);
  context.putImageData(image, 0, 0);
}
