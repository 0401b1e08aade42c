/** The layers as a table: what they are, how many numbers they have, how these are spread, and how each layer learns. */

import { formatCount, formatPower, formatSigned } from "../core/format.js";
import { histogramOf } from "../core/histogram.js";
import { changedNames, find, make, setText, whenChanged } from "./elements.js";
import { fillGradientCells, makeGradientCells } from "./gradient-bars.js";
import { drawHistogram } from "./histogram.js";

/**
 * @typedef {import("../core/weights.js").LayerWeights} LayerWeights
 * @typedef {import("../state/run-events.js").LayerGradients} LayerGradients
 */

/**
 * @typedef {object} LayerRow
 * @property {number} layer
 * @property {string} name
 * @property {string} kind
 * @property {string} shape
 * @property {string} activation
 * @property {number} parameters
 * @property {string} formula
 * @property {number | null} part of the weights it belongs to
 * @property {boolean} isNormalization
 */

/**
 * @typedef {object} LayerTableData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {import("./color-scheme.js").Palette} palette
 * @property {readonly LayerRow[]} rows
 * @property {{parameters: number, trainable: number}} totals
 * @property {readonly LayerWeights[] | null} weights
 * @property {number} limit of the histograms of weights
 * @property {readonly LayerGradients[] | null} gradients
 * @property {boolean} isWatching
 * @property {string} sentence
 * @property {string} sentenceKind
 */

/** @typedef {{type: "watch_gradients", value: boolean}} WatchIntent */

/**
 * @param {LayerWeights} weights
 * @param {boolean} isNormalization then its scales and shifts
 */
function numbersOf({ kernel, bias, normalization, units }, isNormalization) {
  if (!isNormalization || !normalization) return { values: kernel, marks: bias };
  return { values: normalization.subarray(0, units), marks: normalization.subarray(units, 2 * units) };
}

/** @param {LayerRow} row @param {string} language */
function makeRow({ name, kind, shape, activation, parameters, formula, part, isNormalization }, language) {
  const count = make("td", { class: "layers__count" }, formatCount(parameters, language));
  if (formula) count.append(make("small", {}, formula));
  const isOwn = part !== null && !isNormalization;
  const head = make("th", { scope: "row", class: isOwn ? "" : "layers__follower" }, name);
  const canvas = make("canvas", { class: "histogram weights__histogram", role: "img", "aria-label": "–" });
  const spread = make("td", {}, ...(part === null ? ["–"] : [canvas]));
  const cells = [kind, shape, activation || "–"].map((text) => make("td", {}, text));
  const gradients =
    part === null ? [1, 2, 3, 4].map(() => make("td", { class: "gradient" }, "–")) : makeGradientCells();
  return make("tr", {}, head, ...cells, count, spread, ...gradients);
}

class LayerTable {
  /** @param {ParentNode} root @param {{onIntent: (intent: WatchIntent) => void}} options */
  constructor(root, { onIntent }) {
    this.table = find(root, "#layer-table", HTMLElement);
    this.body = find(root, "#layer-rows", HTMLElement);
    this.totals = find(root, "#layer-totals", HTMLElement);
    this.limits = find(root, "#weights-limits", HTMLElement);
    this.sentence = find(root, "#layers-sentence", HTMLElement);
    this.watch = find(root, "#watch-gradients", HTMLInputElement);
    this.watch.onchange = () => onIntent({ type: "watch_gradients", value: this.watch.checked });
    /** @type {HTMLElement[]} */
    this.rows = [];
  }

  /** @param {LayerTableData} data @param {LayerTableData | null} before */
  render(data, before) {
    const changed = changedNames(data, before);
    if (changed.has("rows", "totals", "translator")) this.#build(data);
    this.watch.checked = data.isWatching;
    this.table.dataset.watching = String(data.isWatching);
    this.sentence.dataset.kind = data.sentenceKind;
    setText(this.sentence, data.sentence);
    if (changed.has("rows", "weights", "limit", "palette", "translator", "isWatching")) this.#drawWeights(data);
    if (changed.has("rows", "gradients", "palette", "translator", "isWatching")) this.#drawGradients(data);
  }

  /** @param {LayerTableData} data */
  #build({ rows, totals, translator: { t, language } }) {
    this.rows = rows.map((row) => makeRow(row, language));
    this.body.replaceChildren(...this.rows);
    const { parameters, trainable } = totals;
    const counts = { trainable, frozen: parameters - trainable };
    const shown = Object.entries(counts).map(([name, count]) => [name, formatCount(count, language)]);
    setText(this.totals, t("layers.total", { total: formatCount(parameters, language), ...Object.fromEntries(shown) }));
  }

  /** @param {LayerTableData} data */
  #drawWeights({ rows, weights, limit, palette, translator: { t, language } }) {
    const shown = formatPower(limit, language);
    setText(this.limits, t("layers.limits", { low: `−${shown}`, high: shown }));
    rows.forEach((row, index) => {
      if (row.part === null) return;
      const canvas = find(this.rows[index], ".weights__histogram", HTMLCanvasElement);
      const layer = weights?.[row.part];
      const numbers = layer ? numbersOf(layer, row.isNormalization) : null;
      const histogram = numbers && { ...histogramOf(numbers.values, limit), marks: numbers.marks };
      drawHistogram(canvas, histogram, colorsOf(palette));
      if (!numbers) return;
      const [low, high] = [Math.min(...numbers.values), Math.max(...numbers.values)];
      const words = {
        count: numbers.values.length,
        low: formatSigned(low, language),
        high: formatSigned(high, language),
      };
      canvas.setAttribute("aria-label", t("layers.weights.name", words));
    });
  }

  /** @param {LayerTableData} data */
  #drawGradients({ rows, gradients, isWatching, palette, translator }) {
    if (!isWatching) return;
    rows.forEach(({ layer, part }, index) => {
      if (part === null) return;
      const found = gradients?.find((each) => each.layer === layer) ?? null;
      fillGradientCells(this.rows[index], found, { translator, colors: colorsOf(palette) });
    });
  }
}

/** @param {import("./color-scheme.js").Palette} palette @returns {import("./histogram.js").HistogramColors} */
function colorsOf({ diverging: { negative, positive }, plot: { line, second } }) {
  return { negative, positive, line, ink: second };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: WatchIntent) => void}} options
 */
export function createLayerTableView(root, options) {
  const view = new LayerTable(root, options);
  const render = whenChanged((/** @type {LayerTableData} */ data, before) => view.render(data, before));
  return { render, destroy() {} };
}
