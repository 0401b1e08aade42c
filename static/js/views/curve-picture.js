/** A network's answer over a line: the answer bold, what each unit adds faint, the residuals in a strip below. */

import { curveLayout, placing, residualsOf, stripScale, ticksOf } from "../core/curve.js";
import { formatRate } from "../core/format.js";
import { labelColor } from "./sample-dots.js";

/**
 * @typedef {import("../core/curve.js").CurveLayout} CurveLayout
 * @typedef {import("./sample-dots.js").Samples} Samples
 * @typedef {{ink: string, second: string, line: string, card: string, accent: string, test: string}} Inks
 */

/**
 * @typedef {object} CurveDrawing
 * @property {Float32Array} answer at even places over the domain
 * @property {readonly Float32Array[]} hinges what each unit of the last hidden layer adds; none for a unit in focus
 * @property {readonly number[]} kinks places from 0 to 1 where the answer bends
 * @property {readonly [number, number]} domain
 * @property {readonly [number, number]} range of the upright axis
 * @property {Samples | null} residualsTo samples to compare with; null leaves the strip empty
 * @property {import("./sample-dots.js").Paint} paint
 * @property {Inks} inks
 * @property {string} language
 */

/**
 * @typedef {object} Sheet what is drawn on
 * @property {CanvasRenderingContext2D} context
 * @property {CurveLayout} layout
 * @property {(x: number) => number} toX
 * @property {(y: number) => number} toY
 * @property {CurveDrawing} drawing
 */

const font = '10.5px "Inter Variable", system-ui, sans-serif';

/** @param {Sheet} sheet */
function drawAxes({ context, layout, toX, toY, drawing }) {
  const { left, right, top, bottom } = layout;
  const { domain, range, inks, language } = drawing;
  const write = (/** @type {number} */ value) => formatRate(value, language).replace("-", "−");
  Object.assign(context, { font, fillStyle: inks.second, strokeStyle: inks.line, lineWidth: 1 });
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const x of ticksOf(domain, 4)) {
    strokeLine(context, toX(x), top, toX(x), bottom);
    context.fillText(write(x), toX(x), bottom + 6);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const y of ticksOf(range, 5)) {
    strokeLine(context, left, toY(y), right, toY(y));
    context.fillText(write(y), left - 6, toY(y));
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function strokeLine(context, x1, y1, x2, y2) {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** @param {Sheet} sheet @param {Float32Array} values */
function strokeCurve({ context, layout: { left, right }, toY }, values) {
  const apart = (right - left) / (values.length - 1);
  context.beginPath();
  for (let index = 0; index < values.length; index += 1) context.lineTo(left + index * apart, toY(values[index]));
  context.stroke();
}

/** @param {Sheet} sheet */
function drawCurves(sheet) {
  const { context, layout, drawing } = sheet;
  const { left, right, top, bottom } = layout;
  const { answer, hinges, kinks, inks } = drawing;
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  context.lineJoin = "round";
  Object.assign(context, { strokeStyle: inks.second, lineWidth: 1.3, globalAlpha: 0.5 });
  for (const hinge of hinges) strokeCurve(sheet, hinge);
  Object.assign(context, { strokeStyle: inks.card, lineWidth: 6, globalAlpha: 0.8 });
  strokeCurve(sheet, answer);
  Object.assign(context, { strokeStyle: inks.accent, lineWidth: 3, globalAlpha: 1 });
  strokeCurve(sheet, answer);
  for (const kink of kinks) drawKink(sheet, kink);
  context.restore();
}

/** A bend of the answer: a small open ring on the line. @param {Sheet} sheet @param {number} place 0 to 1 */
function drawKink({ context, layout: { left, right }, toY, drawing: { answer, inks } }, place) {
  const value = answer[Math.round(place * (answer.length - 1))];
  Object.assign(context, { strokeStyle: inks.accent, fillStyle: inks.card, lineWidth: 1.6 });
  context.beginPath();
  context.arc(left + place * (right - left), toY(value), 3.4, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

/** @param {Sheet} sheet */
function drawResiduals({ context, layout, toX, drawing }) {
  const { left, right, stripTop, stripBottom } = layout;
  const { residualsTo, answer, domain, range, inks, paint, language } = drawing;
  const middle = (stripTop + stripBottom) / 2;
  const residuals = residualsTo ? residualsOf(residualsTo, answer, domain) : [];
  const scale = stripScale(residuals, (range[1] - range[0]) / 2);
  const toHeight = placing([0, scale], [0, (stripBottom - stripTop) / 2]);
  context.lineWidth = 1.5;
  for (const { x, residual } of residuals) {
    const height = Math.min(1, Math.abs(residual) / scale) * toHeight(scale) * Math.sign(residual);
    context.strokeStyle = labelColor(Math.sign(residual), paint);
    strokeLine(context, toX(x), middle, toX(x), middle - height);
  }
  Object.assign(context, { strokeStyle: inks.second, lineWidth: 1, font, fillStyle: inks.second });
  strokeLine(context, left, middle, right, middle);
  if (residualsTo === null) return;
  const written = formatRate(Number(scale.toPrecision(2)), language);
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText(`+${written}`, left - 6, stripTop + 4);
  context.fillText("0", left - 6, middle);
  context.fillText(`−${written}`, left - 6, stripBottom - 4);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CurveDrawing} drawing
 */
export function drawCurvePicture(canvas, drawing) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (!context || !width) return;
  const fineness = Math.min(3, window.devicePixelRatio || 1);
  const size = { width: Math.round(width * fineness), height: Math.round(height * fineness) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  context.setTransform(fineness, 0, 0, fineness, 0, 0);
  context.clearRect(0, 0, width, height);
  const layout = curveLayout(width, height);
  const toX = placing(drawing.domain, [layout.left, layout.right]);
  const toY = placing(drawing.range, [layout.bottom, layout.top]);
  const sheet = { context, layout, toX, toY, drawing };
  drawAxes(sheet);
  drawCurves(sheet);
  drawResiduals(sheet);
}
