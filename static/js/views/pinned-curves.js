/** What lies on the plot besides the present run: curves of pinned runs, the stretch without numbers, the shown moment. */

import { plotFont } from "./metric-plot-options.js";

/**
 * @typedef {import("./metric-plot.js").MetricPlotData} MetricPlotData
 * @typedef {readonly (number | null)[]} Column
 */

const letterPx = 13;

/**
 * @param {any} plot of uPlot
 * @param {(context: CanvasRenderingContext2D, ratio: number) => void} draw only inside the axes; sizes times ratio
 */
function inside(plot, draw) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, bbox.width / plot.over.clientWidth || 1);
  ctx.restore();
}

/**
 * @param {any} plot
 * @param {CanvasRenderingContext2D} context
 * @param {Column} epochs
 * @param {Column} values
 * @returns {number | null} the height where the line ends
 */
function strokeCurve(plot, context, epochs, values) {
  let isDown = false;
  let end = null;
  context.beginPath();
  values.forEach((value, row) => {
    const canBeDrawn = value !== null && (plot.scales.y.distr !== 3 || value > 0);
    if (canBeDrawn) {
      end = plot.valToPos(value, "y", true);
      const x = plot.valToPos(epochs[row], "x", true);
      if (isDown) context.lineTo(x, end);
      else context.moveTo(x, end);
    }
    isDown = canBeDrawn;
  });
  context.stroke();
  return end;
}

/**
 * @param {any} plot
 * @param {MetricPlotData} data
 */
export function drawPinned(plot, { pinned, colors }) {
  /** @type {{letter: string, color: string, x: number, y: number}[]} */
  const ends = [];
  inside(plot, (context, ratio) => {
    context.lineWidth = 1.5 * ratio;
    context.lineJoin = "round";
    for (const { place, letter, epochs, training, test } of pinned) {
      context.strokeStyle = colors.pins[place];
      context.setLineDash([]);
      const trainingEnd = strokeCurve(plot, context, epochs, training);
      context.setLineDash([7 * ratio, 4 * ratio]);
      const y = strokeCurve(plot, context, epochs, test) ?? trainingEnd;
      const x = plot.valToPos(epochs.at(-1) ?? 0, "x", true);
      if (y !== null) ends.push({ letter, color: colors.pins[place], x, y });
    }
  });
  writeLetters(plot, ends);
}

/**
 * The letter of a run stands at the end of its curve, so that no colour has to be told from another.
 * @param {any} plot
 * @param {{letter: string, color: string, x: number, y: number}[]} ends
 */
function writeLetters({ ctx, bbox, over }, ends) {
  const ratio = bbox.width / over.clientWidth || 1;
  let free = bbox.top + bbox.height + letterPx * ratio;
  ctx.save();
  ctx.font = `650 ${plotFont.replace("11.5px", `${11.5 * ratio}px`)}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const { letter, color, x, y } of ends.sort((one, other) => other.y - one.y)) {
    const height = Math.min(y, free - letterPx * ratio);
    ctx.fillStyle = color;
    ctx.fillText(letter, x + 5 * ratio, height);
    free = height;
  }
  ctx.restore();
}

/**
 * @param {any} plot
 * @param {MetricPlotData} data
 */
export function drawGap(plot, { gap, epochs, colors }) {
  if (!gap) return;
  inside(plot, (context) => {
    const { left, top, width, height } = plot.bbox;
    const last = gap.to ?? epochs.at(-1) ?? gap.from;
    const from = Math.max(plot.valToPos(gap.from - 1, "x", true), left) || left;
    const to = gap.to === null ? left + width : plot.valToPos(last + 1, "x", true);
    context.globalAlpha = 0.1;
    context.fillStyle = colors.bad;
    context.fillRect(from, top, to - from, height);
  });
}

/**
 * @param {any} plot
 * @param {MetricPlotData} data
 */
export function drawMoment(plot, { shownEpoch, colors }) {
  if (shownEpoch === null) return;
  const { ctx, bbox, over } = plot;
  const ratio = bbox.width / over.clientWidth || 1;
  const x = Math.round(plot.valToPos(Math.max(shownEpoch, plot.scales.x.min), "x", true));
  ctx.save();
  ctx.strokeStyle = colors.ink;
  ctx.fillStyle = colors.ink;
  ctx.lineWidth = 1.5 * ratio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - 5 * ratio, bbox.top - 6 * ratio);
  ctx.lineTo(x + 5 * ratio, bbox.top - 6 * ratio);
  ctx.lineTo(x, bbox.top + 2 * ratio);
  ctx.fill();
  ctx.restore();
}
