/** The curve of both losses: axes, two unlike lines, gaps where there is no number, a reading under the pointer. */

import Plot from "../../vendor/uplot/uPlot.esm.js";
import { formatCount, formatLoss } from "../core/format.js";
import { changedNames, find, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} MetricPlotData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {Record<string, (number | null)[]>} columns epoch, loss, val_loss
 * @property {boolean} isLogarithmic
 * @property {{ink: string, second: string, line: string, training: string, test: string}} colors
 */

/** @typedef {{type: "display", name: string, value: boolean}} DisplayIntent */

const font = '11.5px "Inter Variable", system-ui, sans-serif';

/**
 * @param {MetricPlotData} data
 * @returns {any} as uPlot wants them; a logarithmic axis has no place for 0
 */
function series({ columns, isLogarithmic }) {
  const onAxis = (/** @type {number | null} */ value) => (value !== null && value > 0 ? value : null);
  const shown = (/** @type {(number | null)[]} */ column = []) => (isLogarithmic ? column.map(onAxis) : column);
  return [columns.epoch, shown(columns.loss), shown(columns.val_loss)];
}

/**
 * @param {(value: number) => string} write
 * @param {MetricPlotData["colors"]} colors
 * @param {{size: number, space: number}} room pixels
 */
function axis(write, colors, { size, space }) {
  return {
    stroke: colors.second,
    font,
    size,
    space,
    gap: 6,
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
    values: (/** @type {unknown} */ _plot, /** @type {(number | null)[]} */ ticks) =>
      ticks.map((tick) => (tick === null ? "" : write(tick))),
  };
}

/** @param {string} stroke @param {number[]} dash */
function line(stroke, dash) {
  return { stroke, dash, width: 2, points: { show: false }, spanGaps: false };
}

/** A young run fills a corner, not the whole width. */
function epochRange(/** @type {unknown} */ _plot, /** @type {number} */ low, /** @type {number} */ high) {
  return [low ?? 0, Math.max(high ?? 0, (low ?? 0) + 10)];
}

function lossRange(/** @type {unknown} */ _plot, /** @type {number} */ _low, /** @type {number} */ high) {
  return [0, (high || 1) * 1.08];
}

/**
 * @param {MetricPlotData} data
 * @returns {any} options of uPlot
 */
function plotOptions({ colors, isLogarithmic, translator: { language } }) {
  const lossFormat = new Intl.NumberFormat(language, { maximumSignificantDigits: 2, maximumFractionDigits: 8 });
  const writeEpoch = (/** @type {number} */ epoch) => (Number.isInteger(epoch) ? formatCount(epoch, language) : "");
  return {
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
    padding: [10, 14, 0, 0],
    scales: { x: { time: false, range: epochRange }, y: isLogarithmic ? { distr: 3 } : { range: lossRange } },
    axes: [
      axis(writeEpoch, colors, { size: 26, space: 74 }),
      axis((loss) => lossFormat.format(loss), colors, { size: 54, space: 34 }),
    ],
    series: [{}, line(colors.training, []), line(colors.test, [7, 4])],
  };
}

class MetricPlot {
  /** @type {any} */
  #plot = null;
  /** @type {MetricPlotData | null} */
  #shown = null;

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: DisplayIntent) => void}} options
   */
  constructor(root, { onIntent }) {
    this.place = find(root, "#plot-canvas", HTMLElement);
    this.readout = find(root, "#plot-readout", HTMLElement);
    this.empty = find(root, "#plot-empty", HTMLElement);
    this.logBox = find(root, "#log-scale", HTMLInputElement);
    this.logBox.onchange = () => onIntent({ type: "display", name: "isLogarithmic", value: this.logBox.checked });
    this.resized = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
    this.resized.observe(this.place);
    document.fonts.ready.then(() => this.#rebuild());
  }

  /** @param {MetricPlotData} data @param {MetricPlotData | null} before */
  render(data, before) {
    this.#shown = data;
    this.logBox.checked = data.isLogarithmic;
    this.empty.hidden = data.columns.epoch.length > 0;
    if (changedNames(data, before).has("isLogarithmic", "colors", "translator")) this.#rebuild();
    else this.#plot.setData(series(data));
  }

  destroy() {
    this.resized.disconnect();
    this.#plot?.destroy();
  }

  #size() {
    return { width: Math.max(this.place.clientWidth, 120), height: Math.max(this.place.clientHeight, 100) };
  }

  #rebuild() {
    if (!this.#shown) return;
    this.#plot?.destroy();
    const read = (/** @type {any} */ plot) => this.#read(plot.cursor.idx);
    const options = { ...plotOptions(this.#shown), ...this.#size(), hooks: { setCursor: [read], setData: [read] } };
    this.#plot = new Plot(options, series(this.#shown), this.place);
  }

  /** @param {number | null | undefined} row under the pointer */
  #read(row) {
    if (!this.#shown || row === null || row === undefined) {
      setText(this.readout, "");
      return;
    }
    const { translator, columns } = this.#shown;
    const { t, language } = translator;
    const numbers = {
      epoch: formatCount(columns.epoch[row] ?? 0, language),
      loss: formatLoss(columns.loss?.[row], language),
      val_loss: formatLoss(columns.val_loss?.[row], language),
    };
    setText(this.readout, t("plot.reading", numbers));
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: DisplayIntent) => void}} options
 */
export function createMetricPlotView(root, options) {
  const view = new MetricPlot(root, options);
  const render = whenChanged((/** @type {MetricPlotData} */ data, before) => view.render(data, before));
  return { render, destroy: () => view.destroy() };
}
