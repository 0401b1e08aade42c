/** Samples as dots on a square of canvas. */

import { colorOf } from "../core/color.js";
import { domain } from "../core/grid.js";

/** @typedef {{features: number[][], labels: number[]}} Samples features: x1 and x2 */

/**
 * @typedef {object} DotStyle
 * @property {number} side of the canvas, in its own pixels
 * @property {Uint32Array} ramp
 * @property {boolean} isClassification labels are 0 and 1, else numbers about -1 to 1
 * @property {string | null} ring colour around each dot
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Samples} samples
 * @param {DotStyle} style
 */
export function drawSamples(context, { features, labels }, { side, ramp, isClassification, ring }) {
  const radius = Math.max(2.4, side / (ring ? 105 : 34));
  context.lineWidth = Math.max(1.1, side / 260);
  context.strokeStyle = ring ?? "";
  features.forEach(([x1, x2], index) => {
    context.fillStyle = colorOf(ramp, isClassification ? labels[index] * 2 - 1 : labels[index]);
    context.beginPath();
    context.arc(((x1 + domain) / (2 * domain)) * side, ((domain - x2) / (2 * domain)) * side, radius, 0, 2 * Math.PI);
    context.fill();
    if (ring) context.stroke();
  });
}
