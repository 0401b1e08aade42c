/** Samples as dots: the colour tells the class or the number, and so does the shape. */

import { colorOf } from "../core/color.js";
import { domain } from "../core/grid.js";
import { shapeOfLabel } from "../core/shapes.js";

/** @typedef {{features: number[][], labels: number[]}} Samples features: x1 and x2; of a curve x alone */

/**
 * @typedef {object} Paint how labels look
 * @property {Uint32Array} ramp
 * @property {readonly Uint32Array[]} classRamps
 * @property {number | null} classes null: labels are numbers
 * @property {number} [reach] the number at the end of the scale, where that is not 1
 */

/**
 * @typedef {object} DotStyle
 * @property {(sample: readonly number[]) => [number, number]} place in pixels of the canvas
 * @property {number} radius
 * @property {Paint} paint
 * @property {string | null} ring colour around each dot
 * @property {number} [ringWidth]
 */

/**
 * @param {number} label
 * @param {Paint} paint
 * @returns {string} a CSS colour
 */
export function labelColor(label, { ramp, classRamps, classes, reach = 1 }) {
  if (classes === null) return colorOf(ramp, label / reach);
  if (classes <= 2) return colorOf(ramp, label * 2 - 1);
  // While other data are on their way, a label may be none of these classes.
  return colorOf(classRamps[Math.trunc(Math.abs(label)) % classRamps.length], 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("../core/shapes.js").Corners | null} corners null for a circle
 * @param {[number, number]} place
 * @param {number} radius
 */
export function traceShape(context, corners, [x, y], radius) {
  context.beginPath();
  if (corners === null) {
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (const [dx, dy] of corners) context.lineTo(x + dx * radius, y + dy * radius);
  context.closePath();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Samples} samples
 * @param {DotStyle} style
 */
export function drawDots(context, { features, labels }, { place, radius, paint, ring, ringWidth = 1.2 }) {
  context.lineWidth = ringWidth;
  context.lineJoin = "round";
  context.strokeStyle = ring ?? "";
  features.forEach((sample, index) => {
    context.fillStyle = labelColor(labels[index], paint);
    traceShape(context, shapeOfLabel(labels[index], paint.classes), place(sample), radius);
    if (ring) context.stroke();
    context.fill();
  });
}

/**
 * @param {number} side of a square of pixels that shows the whole plane
 * @returns {(sample: readonly number[]) => [number, number]}
 */
export function onPlane(side) {
  return ([x1, x2]) => [((x1 + domain) / (2 * domain)) * side, ((domain - x2) / (2 * domain)) * side];
}

const markLight = "#ffffff";
const markDark = "#1d2430";

/**
 * Samples somebody asked for by name: each with a ring in light and dark, which stands out on every picture.
 * @param {CanvasRenderingContext2D} context
 * @param {Samples} samples
 * @param {readonly number[]} indices of those to mark
 * @param {DotStyle} style
 */
export function drawMarked(context, { features, labels }, indices, style) {
  const known = indices.filter((index) => index < features.length);
  const marked = { features: known.map((index) => features[index]), labels: known.map((index) => labels[index]) };
  for (const [color, share] of /** @type {[string, number][]} */ ([
    [markLight, 1.7],
    [markDark, 0.8],
  ])) {
    context.strokeStyle = color;
    context.lineWidth = style.radius * share;
    for (const sample of marked.features) {
      traceShape(context, null, style.place(sample), style.radius * 2.4);
      context.stroke();
    }
  }
  drawDots(context, marked, { ...style, ring: markLight });
}
