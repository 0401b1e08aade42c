/** The large picture: the network's answer over the plane, the samples on it, and a reading under the pointer. */

import { legendGradient } from "../core/color.js";
import { formatShare, formatSigned } from "../core/format.js";
import { domain, valueAt } from "../core/grid.js";
import { changedNames, find, setText, whenChanged } from "./elements.js";
import { drawGrid } from "./heatmap.js";
import { drawSamples } from "./sample-dots.js";

/**
 * @typedef {import("./sample-dots.js").Samples} Samples
 * @typedef {{train: Samples, val: Samples}} SplitSamples
 */

/**
 * @typedef {object} OutputPictureData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {Uint32Array} ramp
 * @property {Float32Array | null} grid -1 to 1
 * @property {number} size
 * @property {SplitSamples | null} samples
 * @property {boolean} isClassification
 * @property {boolean} showsTestData
 * @property {boolean} isDiscrete
 * @property {string} unitName of the unit shown, "" for the network's output
 */

/** @typedef {{type: "display", name: string, value: boolean}} DisplayIntent */

const trainingRing = "#ffffff";
const testRing = "#1d2430";

class OutputPicture {
  /** @type {OutputPictureData | null} */
  #shown = null;
  /** @type {{x1: number, x2: number} | null} */
  #pointed = null;
  #frames = 0;

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: DisplayIntent) => void}} options
   */
  constructor(root, { onIntent }) {
    this.canvas = find(root, "#output", HTMLCanvasElement);
    this.dots = find(root, "#samples", HTMLCanvasElement);
    this.readout = find(root, "#readout", HTMLElement);
    this.shownUnit = find(root, "#shown-unit", HTMLElement);
    this.legend = find(root, "#legend-bar", HTMLElement);
    this.readout.removeAttribute("data-i18n");
    this.#report(root, "show-test-data", (value) => onIntent({ type: "display", name: "showsTestData", value }));
    this.#report(root, "discretize", (value) => onIntent({ type: "display", name: "isDiscrete", value }));
    this.dots.onpointermove = (pointer) => this.#point(pointer);
    this.dots.onpointerdown = (pointer) => this.#point(pointer);
    this.dots.onpointerleave = () => this.#point(null);
    this.resized = new ResizeObserver(() => this.#drawDots());
    this.resized.observe(this.canvas);
  }

  /** @param {OutputPictureData} data @param {OutputPictureData | null} before */
  render(data, before) {
    this.#shown = data;
    const changed = changedNames(data, before);
    if (changed.has("grid", "ramp", "isDiscrete")) this.#drawPicture(data);
    if (changed.has("samples", "showsTestData", "ramp", "isClassification")) this.#drawDots();
    if (changed.has("ramp")) this.legend.style.background = legendGradient(data.ramp);
    if (changed.has("grid", "translator")) this.#renderReadout();
    if (changed.has("unitName")) {
      this.shownUnit.hidden = data.unitName === "";
      setText(this.shownUnit, data.unitName);
    }
  }

  /** @param {ParentNode} root @param {string} id @param {(value: boolean) => void} onChange */
  #report(root, id, onChange) {
    const box = find(root, `#${id}`, HTMLInputElement);
    box.checked = false;
    box.onchange = () => onChange(box.checked);
  }

  /** @param {OutputPictureData} data */
  #drawPicture({ grid, size, ramp, isDiscrete }) {
    if (!grid) return;
    drawGrid(this.canvas, grid, { size, ramp, isDiscrete });
    this.#frames += 1;
    this.canvas.dataset.frames = String(this.#frames);
    this.canvas.classList.remove("skeleton");
  }

  /** @param {PointerEvent | null} pointer */
  #point(pointer) {
    const box = this.canvas.getBoundingClientRect();
    this.#pointed = pointer && {
      x1: ((pointer.clientX - box.left) / box.width) * 2 * domain - domain,
      x2: domain - ((pointer.clientY - box.top) / box.height) * 2 * domain,
    };
    this.#renderReadout();
  }

  #renderReadout() {
    if (!this.#shown) return;
    const { translator, grid, size, isClassification, unitName } = this.#shown;
    const { t, language } = translator;
    const at = this.#pointed;
    const value = at && grid ? valueAt(grid, size, at.x1, at.x2) : null;
    if (!at || value === null) {
      setText(this.readout, t("output.point"));
      return;
    }
    const numbers = {
      x1: formatSigned(at.x1, language),
      x2: formatSigned(at.x2, language),
      value: formatSigned(value, language),
      share: formatShare((value + 1) / 2, language),
    };
    setText(this.readout, t(isClassification && unitName === "" ? "output.reading_class" : "output.reading", numbers));
  }

  #drawDots() {
    const side = Math.round(this.canvas.clientWidth * Math.min(3, window.devicePixelRatio || 1));
    const context = this.dots.getContext("2d");
    if (!this.#shown || !side || !context) return;
    this.dots.width = side;
    this.dots.height = side;
    const { ramp, isClassification, samples, showsTestData } = this.#shown;
    if (!samples) return;
    if (showsTestData) drawSamples(context, samples.val, { side, ramp, isClassification, ring: testRing });
    drawSamples(context, samples.train, { side, ramp, isClassification, ring: trainingRing });
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: DisplayIntent) => void}} options
 */
export function createOutputPictureView(root, options) {
  const view = new OutputPicture(root, options);
  const render = whenChanged((/** @type {OutputPictureData} */ data, before) => view.render(data, before));
  return { render, destroy: () => view.resized.disconnect() };
}
