/** Predicted against true numbers: a perfect network puts every dot on the diagonal. */

import { formatSigned } from "../core/format.js";
import { find, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} QualityScatterData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {import("./color-scheme.js").Palette} palette
 * @property {number | null} classes not null hides it
 * @property {"train" | "val"} share
 * @property {any} chosen the sample that is pressed: kind "sample", sample
 * @property {{truths: readonly number[], predicted: ArrayLike<number>, explained: number | null} | null} fit
 * @property {[number, number]} range of both axes
 */

/** @typedef {import("./confusion-matrix.js").ChooseIntent} ChooseIntent */

/** A finger that comes this near, in pixels, means the dot. */
const reach = 18;

class QualityScatter {
  /** @type {QualityScatterData | null} */
  #shown = null;

  /** @param {ParentNode} root @param {{onIntent: (intent: ChooseIntent) => void}} options */
  constructor(root, { onIntent }) {
    this.onIntent = onIntent;
    this.section = find(root, "#quality-scatter", HTMLElement);
    this.canvas = find(root, "#scatter", HTMLCanvasElement);
    this.low = [...this.section.querySelectorAll("[data-end='low']")];
    this.high = [...this.section.querySelectorAll("[data-end='high']")];
    this.canvas.onclick = (press) => this.#press(press);
    this.resized = new ResizeObserver(() => this.#draw());
    this.resized.observe(this.canvas);
  }

  /** @param {QualityScatterData} data */
  render(data) {
    this.#shown = data;
    const { classes, range, fit, translator } = data;
    this.section.hidden = classes !== null;
    if (classes !== null) return;
    const { t, language } = translator;
    for (const tick of this.low) setText(tick, formatSigned(range[0], language));
    for (const tick of this.high) setText(tick, formatSigned(range[1], language));
    const explained = fit?.explained ?? null;
    const share = explained === null ? "–" : formatSigned(explained, language);
    this.canvas.setAttribute("aria-label", t("quality.scatter.name", { explained: share }));
    this.#draw();
  }

  /** Places of the samples on the canvas, in CSS pixels; what lies outside is put on the edge. */
  #places() {
    if (!this.#shown?.fit) return [];
    const { fit, range } = this.#shown;
    const side = this.canvas.clientWidth;
    const along = (/** @type {number} */ value) =>
      Math.min(1, Math.max(0, (value - range[0]) / (range[1] - range[0]))) * (side - 8) + 4;
    return fit.truths.map((truth, sample) => [along(truth), side - along(fit.predicted[sample])]);
  }

  /** @param {MouseEvent} press */
  #press({ offsetX, offsetY }) {
    const far = this.#places().map(([x, y]) => Math.hypot(x - offsetX, y - offsetY));
    const sample = far.indexOf(Math.min(...far));
    if (far[sample] <= reach) this.onIntent({ type: "quality_choose", chosen: { kind: "sample", sample } });
  }

  #draw() {
    const side = this.canvas.clientWidth;
    const context = this.canvas.getContext("2d");
    if (!this.#shown || !context || !side) return;
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    Object.assign(this.canvas, { width: side * ratio, height: side * ratio });
    context.scale(ratio, ratio);
    const { palette, share, chosen } = this.#shown;
    context.strokeStyle = palette.plot.second;
    context.setLineDash([5, 4]);
    drawLine(context, side);
    context.setLineDash([]);
    context.fillStyle = share === "train" ? palette.plot.training : palette.plot.test;
    context.globalAlpha = 0.7;
    const places = this.#places();
    for (const [x, y] of places) drawDot(context, x, y, share);
    context.globalAlpha = 1;
    const place = chosen?.kind === "sample" ? places[chosen.sample] : undefined;
    if (place) drawRing(context, place, palette.plot.ink);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} side */
function drawLine(context, side) {
  context.beginPath();
  context.moveTo(4, side - 4);
  context.lineTo(side - 4, 4);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {string} share */
function drawDot(context, x, y, share) {
  if (share === "val") {
    context.fillRect(x - 2.2, y - 2.2, 4.4, 4.4);
    return;
  }
  context.beginPath();
  context.arc(x, y, 2.6, 0, 2 * Math.PI);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {readonly number[]} place @param {string} color */
function drawRing(context, [x, y], color) {
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.stroke();
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: ChooseIntent) => void}} options
 */
export function createQualityScatterView(root, options) {
  const view = new QualityScatter(root, options);
  const redraw = whenChanged((/** @type {QualityScatterData} */ data) => view.render(data));
  /** @param {QualityScatterData} data */
  const render = ({ translator, palette, classes, share, chosen, fit, range }) =>
    redraw({ translator, palette, classes, share, chosen, fit, range });
  return { render, destroy: () => view.resized.disconnect() };
}
