/** The large picture: the network's answer over all its inputs, the samples on it, and a reading where one points. */

import { legendGradient } from "../core/color.js";
import { curveLayout, placing, tintsOf } from "../core/curve.js";
import { formatRate } from "../core/format.js";
import { domain as planeDomain } from "../core/grid.js";
import { continuesStroke, ownPoint } from "../core/own-points.js";
import { createCrosshair } from "./crosshair.js";
import { drawCurvePicture } from "./curve-picture.js";
import { changedNames, find, setText, whenChanged } from "./elements.js";
import { drawClasses, drawGrid } from "./heatmap.js";
import { createOutputReading } from "./output-reading.js";
import { drawDots, drawMarked, onPlane, traceShape } from "./sample-dots.js";

/**
 * @typedef {import("./sample-dots.js").Samples} Samples
 * @typedef {{train: Samples, val: Samples}} SplitSamples
 */

/**
 * @typedef {object} OutputPictureData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {import("./sample-dots.js").Paint} paint
 * @property {"plane" | "curve"} kind
 * @property {readonly Float32Array[]} grids -1 to 1, or probabilities of several classes; of a curve its numbers
 * @property {number} size
 * @property {import("./curve-picture.js").CurveDrawing | null} curve
 * @property {SplitSamples | null} samples those that fit the picture
 * @property {boolean} showsTestData
 * @property {boolean} isDiscrete
 * @property {string} unitName of the unit shown, "" for the network's output
 * @property {readonly (readonly number[])[]} points laid by hand
 * @property {{split: "train" | "val", indices: readonly number[]} | null} marked samples somebody asked for
 * @property {number | null} laying class of the points that a tap lays; null while a tap only reads
 */

/**
 * @typedef {{type: "display", name: string, value: boolean}
 *   | {type: "lay_points", points: number[][]}
 *   | {type: "tap_point", point: number[]}} OutputIntent
 */

const trainingRing = "#ffffff";
const testRing = "#1d2430";
/** So that the dark ring is seen on dark ground too. */
const testHalo = "rgb(255 255 255 / 60%)";
const dotShare = 1 / 105;
const noSamples = { features: [], labels: [] };
const none = { train: noSamples, val: noSamples };

/** A hidden unit is shown on the usual scale. @param {OutputPictureData} data */
function reachOf({ paint, unitName }) {
  return unitName === "" ? (paint.reach ?? 1) : 1;
}

class OutputPicture {
  /** @type {OutputPictureData | null} */
  #shown = null;
  #frames = 0;
  /** @type {number[][]} points of a stroke that is being drawn */
  #stroke = [];

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: OutputIntent) => void}} options
   */
  constructor(root, { onIntent }) {
    this.onIntent = onIntent;
    this.frame = find(root, "#plane", HTMLElement);
    this.canvas = find(root, "#output", HTMLCanvasElement);
    this.dots = find(root, "#samples", HTMLCanvasElement);
    this.shownUnit = find(root, "#shown-unit", HTMLElement);
    this.legend = find(root, "#legend", HTMLElement);
    this.legendBar = find(root, "#legend-bar", HTMLElement);
    this.legendLow = find(root, "#legend-low", HTMLElement);
    this.legendHigh = find(root, "#legend-high", HTMLElement);
    this.reading = createOutputReading(root);
    this.testBox = this.#report(root, "show-test-data", (value) =>
      onIntent({ type: "display", name: "showsTestData", value }),
    );
    this.discreteBox = this.#report(root, "discretize", (value) =>
      onIntent({ type: "display", name: "isDiscrete", value }),
    );
    this.crosshair = createCrosshair(root, {
      onMove: (place, means) => this.reading.point(place && this.#inputsAt(place), means),
      onStroke: (stroke, place) => this.#follow(stroke, place),
    });
    this.resized = new ResizeObserver(() => this.#drawAll());
    this.resized.observe(this.canvas);
  }

  /** @param {OutputPictureData} data @param {OutputPictureData | null} before */
  render(data, before) {
    this.#shown = data;
    const changed = changedNames(data, before);
    if (changed.has("kind")) this.frame.dataset.kind = data.kind;
    if (changed.has("grids", "paint", "isDiscrete", "curve", "kind")) this.#drawPicture(data);
    if (changed.has("samples", "showsTestData", "paint", "points", "kind", "curve", "marked")) this.#drawDots();
    if (changed.has("paint", "kind", "unitName", "translator")) this.#renderLegend(data);
    if (changed.has("laying")) this.#renderLaying(data);
    this.testBox.checked = data.showsTestData;
    this.discreteBox.checked = data.isDiscrete;
    if (changed.has("unitName")) {
      this.shownUnit.hidden = data.unitName === "";
      setText(this.shownUnit, data.unitName);
    }
    this.reading.render(data);
  }

  /** @param {ParentNode} root @param {string} id @param {(value: boolean) => void} onChange */
  #report(root, id, onChange) {
    const box = find(root, `#${id}`, HTMLInputElement);
    box.checked = false;
    box.onchange = () => onChange(box.checked);
    return box;
  }

  /** @param {OutputPictureData} data */
  #renderLegend(data) {
    const { paint, kind, translator } = data;
    const isScale = kind === "plane" && (paint.classes ?? 2) <= 2;
    this.legend.dataset.shows = isScale ? "scale" : kind === "curve" ? "curve" : "classes";
    this.legendBar.style.background = legendGradient(paint.ramp);
    const end = formatRate(reachOf(data), translator.language);
    setText(this.legendLow, `−${end}`);
    setText(this.legendHigh, `+${end}`);
  }

  /** @param {OutputPictureData} data */
  #renderLaying({ laying }) {
    this.crosshair.wantsStrokes = laying !== null;
    this.frame.dataset.laying = String(laying !== null);
  }

  /** @param {OutputPictureData} data */
  #drawPicture(data) {
    const { kind, grids, size, paint, isDiscrete, curve } = data;
    if (grids.length === 0) return;
    if (kind === "curve") {
      if (!curve) return;
      drawCurvePicture(this.canvas, curve);
    } else if (grids.length > 1) drawClasses(this.canvas, grids, { size, ramps: paint.classRamps, isDiscrete });
    else drawGrid(this.canvas, grids[0], { size, ramp: paint.ramp, isDiscrete, reach: reachOf(data) });
    this.#frames += 1;
    this.canvas.dataset.frames = String(this.#frames);
    this.canvas.classList.remove("skeleton");
  }

  #drawAll() {
    if (!this.#shown) return;
    if (this.#shown.kind === "curve") this.#drawPicture(this.#shown);
    this.#drawDots();
  }

  /** @param {import("./crosshair.js").Place} place @returns {{x1: number, x2: number}} */
  #inputsAt({ across, down }) {
    const curve = this.#shown?.curve;
    if (!curve) return { x1: (across * 2 - 1) * planeDomain, x2: (1 - down * 2) * planeDomain };
    const { left, right } = curveLayout(this.canvas.clientWidth, this.canvas.clientHeight);
    const x1 = placing([left, right], curve.domain)(across * this.canvas.clientWidth);
    return { x1, x2: 0 };
  }

  /** @param {"begin" | "go on" | "end" | "give up"} stroke @param {import("./crosshair.js").Place} place */
  #follow(stroke, place) {
    const { laying, kind } = this.#shown ?? {};
    if (laying === null || laying === undefined || kind !== "plane") return;
    const point = ownPoint(this.#inputsAt(place), laying);
    if (stroke === "begin") this.#stroke = [point];
    else if (stroke === "go on" && continuesStroke(this.#stroke, point)) this.#stroke.push(point);
    const laid = this.#stroke;
    if (stroke === "end" || stroke === "give up") this.#stroke = [];
    if (stroke === "end" && laid.length === 1) this.onIntent({ type: "tap_point", point: laid[0] });
    else if (stroke === "end") this.onIntent({ type: "lay_points", points: laid });
    else this.#drawDots();
  }

  #drawDots() {
    const fineness = Math.min(3, window.devicePixelRatio || 1);
    const width = Math.round(this.canvas.clientWidth * fineness);
    const height = Math.round(this.canvas.clientHeight * fineness);
    const context = this.dots.getContext("2d");
    if (!this.#shown || !width || !context) return;
    Object.assign(this.dots, { width, height });
    const { paint, samples, showsTestData, points, curve, marked } = this.#shown;
    const place = curve ? onCurve(curve, { width, height, fineness }) : onPlane(width);
    const style = { place, radius: Math.max(2.4, width * dotShare), paint, ringWidth: Math.max(2, width / 150) };
    const { train, val } = curve ? heightsOf(samples) : (samples ?? none);
    if (!curve) drawOwn(context, [...points, ...this.#stroke], style);
    const [dark, light] = curve ? [curve.inks.ink, null] : [testRing, trainingRing];
    if (showsTestData && !curve) drawDots(context, val, { ...style, ring: testHalo, ringWidth: style.ringWidth * 2 });
    if (showsTestData) drawDots(context, val, { ...style, ring: dark });
    drawDots(context, train, { ...style, ring: light });
    if (marked) drawMarked(context, marked.split === "train" ? train : val, marked.indices, { ...style, ring: null });
  }
}

/** @param {readonly (readonly number[])[]} points @returns {Samples} */
function asSamples(points) {
  return { features: points.map(([x1, x2]) => [x1, x2]), labels: points.map(([, , label]) => label) };
}

/**
 * Points laid by hand stand on a disc of their own, so that they can be found again, those for testing too.
 * @param {CanvasRenderingContext2D} context
 * @param {readonly (readonly number[])[]} points
 * @param {Omit<import("./sample-dots.js").DotStyle, "ring">} style
 */
function drawOwn(context, points, style) {
  const ground = { fillStyle: trainingRing, strokeStyle: testRing, lineWidth: style.radius / 3, globalAlpha: 0.85 };
  Object.assign(context, ground);
  for (const point of points) {
    traceShape(context, null, style.place(point), style.radius * 2);
    context.fill();
    context.stroke();
  }
  context.globalAlpha = 1;
  drawDots(context, asSamples(points), { ...style, ring: null });
}

/**
 * Over a line the number of a sample is its height.
 * @param {SplitSamples | null} samples
 * @returns {SplitSamples}
 */
function heightsOf(samples) {
  const { train, val } = samples ?? none;
  const largest = [...train.labels, ...val.labels].reduce((most, label) => Math.max(most, Math.abs(label)), 0);
  const standing = (/** @type {Samples} */ { features, labels }) => ({
    features: features.map(([x], index) => [x, labels[index]]),
    labels: tintsOf(labels, largest),
  });
  return { train: standing(train), val: standing(val) };
}

/**
 * @param {import("./curve-picture.js").CurveDrawing} curve
 * @param {{width: number, height: number, fineness: number}} canvas
 * @returns {(sample: readonly number[]) => [number, number]}
 */
function onCurve({ domain, range }, { width, height, fineness }) {
  const { left, right, top, bottom } = curveLayout(width / fineness, height / fineness);
  const toX = placing(domain, [left * fineness, right * fineness]);
  const toY = placing(range, [bottom * fineness, top * fineness]);
  return ([x, y]) => [toX(x), toY(y)];
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: OutputIntent) => void}} options
 */
export function createOutputPictureView(root, options) {
  const view = new OutputPicture(root, options);
  const render = whenChanged((/** @type {OutputPictureData} */ data, before) => view.render(data, before));
  return { render, destroy: () => view.resized.disconnect() };
}
