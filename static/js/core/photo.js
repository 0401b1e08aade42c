/** From a photo to the picture a network is asked about. */

import { blockMeans, centreOfMass } from "./strokes.js";

/** @typedef {import("./drawing.js").Fit} Fit */

/** What of a photo's brightness is a line for sure, what is paper; between them it is the edge of a line. */
const [paperBelow, inkAbove] = [0.3, 0.75];

/** How the eye weighs red, green and blue. */
const weights = Object.freeze([0.299, 0.587, 0.114]);

/**
 * @param {ArrayLike<number>} rgba of a canvas, 0 to 255; what is transparent lies on white
 * @param {number} channels 1 for grey, 3 for colour
 * @returns {Float32Array} shape [pixels, channels], 0 to 255
 */
export function channelsOf(rgba, channels) {
  const pixels = rgba.length / 4;
  const values = new Float32Array(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const opacity = rgba[pixel * 4 + 3] / 255;
    const seen = weights.map((_weight, color) => rgba[pixel * 4 + color] * opacity + 255 * (1 - opacity));
    if (channels === 1) values[pixel] = seen.reduce((sum, value, color) => sum + value * weights[color], 0);
    else values.set(seen, pixel * channels);
  }
  return values;
}

/**
 * @param {Float32Array} fine shape [height * times, width * times, channels]
 * @param {{width: number, height: number, channels: number, times: number}} sizes of the answer
 * @returns {Uint8Array} shape [height, width, channels]
 */
export function shrunkPicture(fine, { width, height, channels, times }) {
  const picture = new Uint8Array(width * height * channels);
  for (let channel = 0; channel < channels; channel += 1) {
    const plane = fine.filter((_value, index) => index % channels === channel);
    blockMeans(plane, { width, height, times }).forEach((mean, pixel) => {
      picture[pixel * channels + channel] = Math.round(mean);
    });
  }
  return picture;
}

/** @param {ArrayLike<number>} grey @param {number} side @returns {number} the middle one of the pixels at the edge */
export function borderLevel(grey, side) {
  const edge = [];
  for (let place = 0; place < side; place += 1) {
    edge.push(grey[place], grey[(side - 1) * side + place], grey[place * side], grey[place * side + side - 1]);
  }
  return edge.sort((one, other) => one - other)[edge.length >> 1];
}

/**
 * Digits to learn from are light on dark; a photo of paper is the other way round.
 * @param {Float32Array} grey 0 to 255
 * @param {number} side
 * @returns {Float32Array} 0 for paper to 1 for ink, stretched to the photo's own range
 */
export function lightOnDark(grey, side) {
  const paper = borderLevel(grey, side);
  const isBright = paper > 127;
  const distance = grey.map((value) => Math.max(0, isBright ? paper - value : value - paper));
  const strongest = distance.reduce((most, value) => Math.max(most, value), 0);
  // A blank sheet has shades of paper only; they must not be blown up to a drawing.
  if (strongest < 40) return distance.fill(0);
  return distance.map((value) => Math.min(1, Math.max(0, (value / strongest - paperBelow) / (inkAbove - paperBelow))));
}

/** @param {Float32Array} ink @param {number} side @returns {import("./strokes.js").Box | null} around what is inked */
function inkedBox(ink, side) {
  let [left, top, right, bottom] = [side, side, -1, -1];
  ink.forEach((value, index) => {
    if (value < 0.5) return;
    left = Math.min(left, index % side);
    right = Math.max(right, index % side);
    top = Math.min(top, Math.floor(index / side));
    bottom = Math.max(bottom, Math.floor(index / side));
  });
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * The mean of what lies under each cell of a sheet.
 * @param {{ink: Float32Array, side: number}} photo
 * @param {{left: number, top: number, stepX: number, stepY: number, size: number}} sheet its first corner on the photo, pixels of the photo per cell, cells
 */
function sampled({ ink, side }, { left, top, stepX, stepY, size }) {
  const sheet = new Float32Array(size * size);
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    x < 0 || y < 0 || x >= side || y >= side ? 0 : ink[Math.floor(y) * side + Math.floor(x)];
  for (let cell = 0; cell < sheet.length; cell += 1) {
    const [x, y] = [left + ((cell % size) + 0.5) * stepX, top + (Math.floor(cell / size) + 0.5) * stepY];
    for (const [dx, dy] of [
      [-0.25, -0.25],
      [0.25, -0.25],
      [-0.25, 0.25],
      [0.25, 0.25],
    ])
      sheet[cell] += at(x + dx * stepX, y + dy * stepY) / 4;
  }
  return sheet;
}

/** As MNIST: the box of the ink fills 20 of 28, then its centre of mass comes to the middle. @param {{ink: Float32Array, side: number}} photo @param {import("./strokes.js").Box} box @param {number} width */
function byMass(photo, box, width) {
  const size = width * 4;
  const step = Math.max(box.width, box.height) / ((20 / 28) * size);
  const middle = (14.5 / 28) * size;
  const corner = { left: box.left + box.width / 2 - middle * step, top: box.top + box.height / 2 - middle * step };
  const first = sampled(photo, { ...corner, stepX: step, stepY: step, size });
  const mass = centreOfMass(first, size) ?? { x: middle, y: middle };
  const left = corner.left + (mass.x - middle) * step;
  const top = corner.top + (mass.y - middle) * step;
  return blockMeans(sampled(photo, { left, top, stepX: step, stepY: step, size }), { width, height: width, times: 4 });
}

/** As the small digits: the box of the ink fills the height of a bitmap of 32 * 32 and at most 22 of its width. @param {{ink: Float32Array, side: number}} photo @param {import("./strokes.js").Box} box @param {number} width */
function byBlocks(photo, box, width) {
  const stepY = box.height / 32;
  const stepX = Math.max(box.width / 22, stepY);
  const left = box.left + box.width / 2 - 16 * stepX;
  const fine = sampled(photo, { left, top: box.top, stepX, stepY, size: 32 });
  return blockMeans(fine, { width, height: width, times: 32 / width });
}

/**
 * A digit on a photo, as a digit to learn from.
 * @param {Float32Array} grey of a square photo, 0 to 255
 * @param {number} side of the photo
 * @param {{width: number, fit: Fit}} picture square
 * @returns {Float32Array | null} ink of each pixel, 0 to 1; null for a blank sheet
 */
export function digitOnPhoto(grey, side, { width, fit }) {
  const ink = lightOnDark(grey, side);
  const box = inkedBox(ink, side);
  if (box === null) return null;
  return fit === "block" ? byBlocks({ ink, side }, box, width) : byMass({ ink, side }, box, width);
}
