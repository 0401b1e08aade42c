/** A unit of a network over a line, as a small drawing: its curve above and below zero. */

import { colorOf } from "../core/color.js";

const side = 72;
const margin = 7;
const everyNth = 4;

/**
 * @param {HTMLCanvasElement} canvas takes a fixed size
 * @param {ArrayLike<number>} values at even places
 * @param {{ramp: Uint32Array, ink: string}} style
 */
export function drawCurveTile(canvas, values, { ramp, ink }) {
  if (canvas.width !== side || canvas.height !== side) Object.assign(canvas, { width: side, height: side });
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, side, side);
  const points = pointsOf(values);
  fillSide(context, points, { color: colorOf(ramp, 1), isAbove: true });
  fillSide(context, points, { color: colorOf(ramp, -1), isAbove: false });
  Object.assign(context, { globalAlpha: 1, strokeStyle: ink, lineWidth: 3.5, lineJoin: "round" });
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

/** Zero stands in the middle, whatever the size of the numbers. @param {ArrayLike<number>} values @returns {[number, number][]} */
function pointsOf(values) {
  let largest = 1e-6;
  for (let index = 0; index < values.length; index += 1) largest = Math.max(largest, Math.abs(values[index]));
  /** @type {[number, number][]} */
  const points = [];
  for (let index = 0; index < values.length; index += everyNth) {
    const x = (index / (values.length - 1)) * side;
    points.push([x, side / 2 - (values[index] / largest) * (side / 2 - margin)]);
  }
  return points;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number][]} points
 * @param {{color: string, isAbove: boolean}} style
 */
function fillSide(context, points, { color, isAbove }) {
  const middle = side / 2;
  context.beginPath();
  context.moveTo(0, middle);
  for (const [x, y] of points) context.lineTo(x, isAbove ? Math.min(y, middle) : Math.max(y, middle));
  context.lineTo(side, middle);
  Object.assign(context, { globalAlpha: 0.45, fillStyle: color });
  context.fill();
}
