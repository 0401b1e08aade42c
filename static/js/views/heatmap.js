/** Grids of numbers on one canvas. */

import { paintClasses, paintValues } from "../core/color.js";

/** Each canvas keeps its pixels: thirty pictures a second of a hundred units would make much rubbish. */
/** @type {WeakMap<HTMLCanvasElement, ImageData>} */
const images = new WeakMap();

/**
 * @param {HTMLCanvasElement} canvas takes the grid's size
 * @param {number} size
 * @param {(pixels: Uint32Array) => void} paint
 */
function drawPixels(canvas, size, paint) {
  if (canvas.width !== size || canvas.height !== size) Object.assign(canvas, { width: size, height: size });
  const context = canvas.getContext("2d");
  if (!context) return;
  const kept = images.get(canvas);
  const image = kept?.width === size ? kept : context.createImageData(size, size);
  images.set(canvas, image);
  paint(new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}

/**
 * @param {HTMLCanvasElement} canvas takes the grid's size
 * @param {ArrayLike<number>} grid length size * size, from -reach to reach
 * @param {{size: number, ramp: Uint32Array, isDiscrete?: boolean, reach?: number}} style
 */
export function drawGrid(canvas, grid, { size, ramp, isDiscrete = false, reach = 1 }) {
  const values = reach === 1 ? grid : Float32Array.from(grid, (value) => value / reach);
  drawPixels(canvas, size, (pixels) => paintValues(values, ramp, pixels, isDiscrete));
}

/**
 * @param {HTMLCanvasElement} canvas takes the grids' size
 * @param {readonly ArrayLike<number>[]} grids probabilities of each class, each of length size * size
 * @param {{size: number, ramps: readonly Uint32Array[], isDiscrete?: boolean}} style
 */
export function drawClasses(canvas, grids, { size, ramps, isDiscrete = false }) {
  drawPixels(canvas, size, (pixels) => paintClasses(grids, ramps, pixels, isDiscrete));
}
