/** How the plotting library is to draw: axes, ranges, lines. */

import { formatCount, formatShare } from "../core/format.js";

/**
 * @typedef {import("./metric-plot.js").MetricPlotData} MetricPlotData
 * @typedef {import("./color-scheme.js").PlotColors} PlotColors
 * @typedef {readonly (number | null)[]} Column
 */

export const plotFont = '11.5px "Inter Variable", system-ui, sans-serif';

/** The lines as the library counts them: 0 are the epochs, the faint raw lines lie below the smooth ones. */
const faintLines = [1, 2];

/**
 * @param {MetricPlotData} data
 * @returns {any} as uPlot wants them; a logarithmic axis has no place for 0
 */
export function series({ epochs, training, test, smoothTraining, smoothTest, isLogarithmic }) {
  const onAxis = (/** @type {number | null} */ value) => (value !== null && value > 0 ? value : null);
  const whole = (/** @type {Column} */ column) => (column.length === epochs.length ? column : epochs.map(() => null));
  const shown = (/** @type {Column} */ column) => (isLogarithmic ? whole(column).map(onAxis) : whole(column));
  return [epochs, shown(training), shown(test), shown(smoothTraining), shown(smoothTest)];
}

/**
 * @param {(value: number) => string} write
 * @param {PlotColors} colors
 * @param {{size: number, space: number}} room pixels
 */
function axis(write, colors, { size, space }) {
  return {
    stroke: colors.second,
    font: plotFont,
    size,
    space,
    gap: 6,
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
    values: (/** @type {unknown} */ _plot, /** @type {(number | null)[]} */ ticks) =>
      ticks.map((tick) => (tick === null ? "" : write(tick))),
  };
}

/** @param {string} stroke @param {number[]} dash @param {boolean} hasPoints a single epoch can be seen, too */
function line(stroke, dash, hasPoints) {
  return { stroke, dash, width: 2, points: { show: hasPoints, size: 5, fill: stroke }, spanGaps: false };
}

/** @param {string} stroke @param {boolean} show */
function faintLine(stroke, show) {
  return { stroke, show, width: 1, alpha: 0.35, points: { show: false }, spanGaps: false };
}

/**
 * @param {readonly Column[]} columns
 * @param {(value: number) => boolean} counts
 * @returns {[number, number] | null} smallest and largest number
 */
function extent(columns, counts) {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns)
    for (const value of column) {
      if (value === null || !counts(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : null;
}

/**
 * A young run fills a corner, not the whole width; pinned runs may be longer.
 * @param {MetricPlotData} data
 * @returns {[number, number]}
 */
function epochRange({ epochs, pinned, hasLogEpochs }) {
  const columns = [epochs, ...pinned.map((curve) => curve.epochs)].filter((column) => column.length > 0);
  const low = Math.min(...columns.map((column) => column[0] ?? 0));
  const high = Math.max(...columns.map((column) => column.at(-1) ?? 0));
  const first = columns.length ? low : 0;
  if (hasLogEpochs) return [Math.max(first, 1), Math.max(high, 10)];
  return [first, Math.max(columns.length ? high : 0, first + 10)];
}

/** @param {MetricPlotData} data */
function valueColumns({ training, test, pinned }) {
  return [training, test, ...pinned.flatMap((curve) => [curve.training, curve.test])];
}

/**
 * @param {MetricPlotData} data
 * @returns {[number, number]}
 */
function valueRange(data) {
  if (data.isLogarithmic) return wholeDecades(extent(valueColumns(data), (value) => value > 0));
  const [low, high] = extent(valueColumns(data), Number.isFinite) ?? [0, 1];
  if (data.metric === "accuracy") return [Math.max(0, Math.floor(low * 10 - 0.5) / 10), 1.01];
  return [0, (high || 1) * 1.08];
}

/** @param {[number, number] | null} range @returns {[number, number]} */
function wholeDecades(range) {
  const [low, high] = range ?? [0.01, 1];
  const bottom = Math.floor(Math.log10(low) + 1e-9);
  return [10 ** bottom, 10 ** Math.max(Math.ceil(Math.log10(high) - 1e-9), bottom + 1)];
}

/** @param {MetricPlotData} data @returns {(value: number) => string} */
function valueWriter({ metric, translator: { language } }) {
  if (metric === "accuracy") return (share) => (share > 1 ? "" : formatShare(share, language, 0));
  const format = new Intl.NumberFormat(language, { maximumSignificantDigits: 2, maximumFractionDigits: 8 });
  return (loss) => format.format(loss);
}

/**
 * @param {MetricPlotData} data
 * @param {() => MetricPlotData} newest the ranges follow it
 * @returns {any} options of uPlot
 */
export function plotOptions(data, newest) {
  const { colors, isLogarithmic, hasLogEpochs, isSmoothed, hasPoints = false, translator } = data;
  const writeEpoch = (/** @type {number} */ epoch) =>
    Number.isInteger(epoch) ? formatCount(epoch, translator.language) : "";
  const scale = (/** @type {boolean} */ isLog) => (isLog ? { distr: 3 } : {});
  return {
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: {
        size: (/** @type {unknown} */ _plot, /** @type {number} */ index) => (faintLines.includes(index) ? 0 : 7),
      },
    },
    padding: [8, 22, 0, 0],
    scales: {
      x: { time: false, range: () => epochRange(newest()), ...scale(hasLogEpochs) },
      y: { range: () => valueRange(newest()), ...scale(isLogarithmic) },
    },
    axes: [axis(writeEpoch, colors, { size: 24, space: 74 }), axis(valueWriter(data), colors, { size: 54, space: 30 })],
    series: [
      {},
      faintLine(colors.training, isSmoothed),
      faintLine(colors.test, isSmoothed),
      line(colors.training, [], hasPoints),
      line(colors.test, [7, 4], hasPoints),
    ],
  };
}
