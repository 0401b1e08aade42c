/**
 * From a drawing to the picture a network is asked about, made as the pictures were made that it has learned from. So a
 * drawing may be small, large or in a corner: a network that has only seen well-placed digits still gets one.
 */

import { blockMeans, boxOf, centreOfMass, inkOf, movedStrokes } from "./strokes.js";

/**
 * @typedef {import("./strokes.js").Stroke} Stroke
 * @typedef {import("./strokes.js").Box} Box
 * @typedef {"mass" | "block" | "frame"} Fit mass: as MNIST; block: as the small digits; frame: where it was drawn
 */

/** The pen, as a share of the side of the sheet that is drawn on. */
export const penShare = 0.045;

/** Cells of a fine sheet along one side of a cell of the picture: so the edges are soft. */
const finer = 4;

/** MNIST: a digit fills a box of 20 in a picture of 28, and its centre of mass is the middle of pixel 14. */
const mnist = Object.freeze({ side: 28, box: 20, middle: 14.5, radius: 1.3 });

/**
 * The small digits were bitmaps of 32 * 32: each was put upright, filled the whole height and a box about as wide as this,
 * and was made thicker or thinner to a usual amount of ink.
 */
const bitmap = Object.freeze({ side: 32, width: 22, ink: 0.28, thinnest: 1, thickest: 4 });

/** The most that is taken for a slant. */
const mostSlant = 1;

/** What is smaller than this share of the sheet is a dot, which does not become a line. */
const dot = 0.15;

/** @param {Box} box of a drawing on a sheet of side 1 */
const middleOf = ({ left, top, width, height }) => ({ x: left + width / 2, y: top + height / 2 });

/**
 * Scaled around its own middle, which comes to the given place.
 * @param {readonly Stroke[]} strokes
 * @param {Box} box
 * @param {{x: number, y: number, scaleX: number, scaleY: number}} to
 */
function placed(strokes, box, { x, y, scaleX, scaleY }) {
  const middle = middleOf(box);
  return movedStrokes(strokes, (point) => ({
    x: x + (point.x - middle.x) * scaleX,
    y: y + (point.y - middle.y) * scaleY,
  }));
}

/** @param {readonly Stroke[]} strokes @param {Box} box @param {number} side of the picture */
function byMass(strokes, box, side) {
  const unit = (side / mnist.side) * finer;
  const radius = mnist.radius * unit;
  const scale = (mnist.box * unit - 2 * radius) / Math.max(box.width, box.height, dot);
  const sheet = { width: side * finer, height: side * finer, radius };
  const middle = mnist.middle * unit;
  const first = placed(strokes, box, { x: middle, y: middle, scaleX: scale, scaleY: scale });
  const mass = centreOfMass(inkOf(first, sheet), sheet.width) ?? { x: middle, y: middle };
  const moved = movedStrokes(first, ({ x, y }) => ({ x: x + middle - mass.x, y: y + middle - mass.y }));
  return blockMeans(inkOf(moved, sheet), { width: side, height: side, times: finer });
}

/** @param {readonly Stroke[]} strokes @param {Box} box @param {number} radius of the pen, in cells of the bitmap */
function bitmapWith(strokes, box, radius) {
  const scaleY = (bitmap.side - 2 * radius) / Math.max(box.height, dot);
  const wide = (bitmap.width - 2 * radius) / Math.max(box.width, 1e-6);
  const scaleX = Math.max(0, Math.min(wide, scaleY));
  const middle = bitmap.side / 2;
  const moved = placed(strokes, box, { x: middle, y: middle, scaleX, scaleY });
  return inkOf(moved, { width: bitmap.side, height: bitmap.side, radius });
}

/** How far the lines lean to the side on their way down, weighed by their lengths. @param {readonly Stroke[]} strokes @param {Box} box */
function slantOf(strokes, box) {
  const side = 64;
  const scale = (side * 0.9) / Math.max(box.width, box.height, dot);
  const sheet = { x: side / 2, y: side / 2, scaleX: scale, scaleY: scale };
  const ink = inkOf(placed(strokes, box, sheet), { width: side, height: side, radius: 1 });
  const mass = centreOfMass(ink, side) ?? middleOf(box);
  let [together, down] = [0, 0];
  ink.forEach((value, cell) => {
    const [x, y] = [(cell % side) + 0.5 - mass.x, Math.floor(cell / side) + 0.5 - mass.y];
    together += value * x * y;
    down += value * y * y;
  });
  return down > 0 ? Math.min(mostSlant, Math.max(-mostSlant, together / down)) : 0;
}

/** @param {readonly Stroke[]} strokes @param {Box} box */
function upright(strokes, box) {
  const slant = slantOf(strokes, box);
  return movedStrokes(strokes, ({ x, y }) => ({ x: x - slant * (y - box.top), y }));
}

/** The pen that gives the usual amount of ink. @param {readonly Stroke[]} strokes @param {Box} box */
function usualBitmap(strokes, box) {
  let [thin, thick] = /** @type {number[]} */ ([bitmap.thinnest, bitmap.thickest]);
  for (let halving = 0; halving < 6; halving += 1) {
    const radius = (thin + thick) / 2;
    const ink = bitmapWith(strokes, box, radius).reduce((sum, cell) => sum + cell, 0) / bitmap.side ** 2;
    if (ink < bitmap.ink) thin = radius;
    else thick = radius;
  }
  return bitmapWith(strokes, box, (thin + thick) / 2);
}

/** Counted in blocks of 4 * 4. @param {readonly Stroke[]} strokes @param {Box} box @param {number} side */
function byBlocks(strokes, box, side) {
  const standing = upright(strokes, box);
  return blockMeans(usualBitmap(standing, boxOf(standing) ?? box), {
    width: side,
    height: side,
    times: bitmap.side / side,
  });
}

/** @param {readonly Stroke[]} strokes @param {number} width @param {number} height */
function whereDrawn(strokes, width, height) {
  const sheet = { width: width * finer, height: height * finer, radius: penShare * width * finer };
  const moved = movedStrokes(strokes, ({ x, y }) => ({ x: x * sheet.width, y: y * sheet.height }));
  return blockMeans(inkOf(moved, sheet), { width, height, times: finer });
}

/**
 * @param {readonly Stroke[]} strokes on a sheet of side 1
 * @param {{width: number, height: number, fit: Fit}} picture
 * @returns {Float32Array | null} ink of each pixel, 0 to 1; null while nothing is drawn
 */
export function inkOfDrawing(strokes, { width, height, fit }) {
  const box = boxOf(strokes);
  if (box === null) return null;
  if (fit === "mass") return byMass(strokes, box, width);
  return fit === "block" ? byBlocks(strokes, box, width) : whereDrawn(strokes, width, height);
}

/** What ink and paper are, 0 to 255 each. @typedef {{ink: number, paper: number}} Inks */

/**
 * @param {Float32Array} ink of each pixel, 0 to 1
 * @param {{channels: number, inks: Inks, below?: Uint8Array | null}} picture below: a picture that is drawn on
 * @returns {Uint8Array} shape [pixels, channels]
 */
export function paintedPicture(ink, { channels, inks, below = null }) {
  const picture = new Uint8Array(ink.length * channels);
  picture.forEach((_empty, index) => {
    const paper = below ? below[index] : inks.paper;
    picture[index] = Math.round(paper + (inks.ink - paper) * ink[Math.floor(index / channels)]);
  });
  return picture;
}
