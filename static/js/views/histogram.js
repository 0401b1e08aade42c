/** A histogram on a small canvas: negative numbers to the left of zero, positive ones to the right, single marks below. */

/**
 * @typedef {object} HistogramColors
 * @property {string} negative
 * @property {string} positive
 * @property {string} line
 * @property {string} ink
 */

/** @typedef {{counts: readonly number[], limit: number, marks?: ArrayLike<number>}} HistogramShown marks: numbers shown one by one */

const foot = 9;

/**
 * @param {HTMLCanvasElement} canvas as large as its style says
 * @returns {{context: CanvasRenderingContext2D, width: number, height: number} | null} in CSS pixels
 */
function openCanvas(canvas) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (!context || !width) return null;
  const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {readonly number[]} counts
 * @param {{width: number, floor: number, colors: HistogramColors}} place
 */
function drawBars(context, counts, { width, floor, colors }) {
  const step = width / counts.length;
  const tallest = Math.max(1, ...counts);
  const middle = (counts.length - 1) / 2;
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const height = Math.max(2, (count / tallest) * (floor - 2));
    context.fillStyle = bin < middle ? colors.negative : bin > middle ? colors.positive : colors.ink;
    context.fillRect(bin * step + 0.5, floor - height, step - 1, height);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} marks
 * @param {{width: number, limit: number, floor: number, colors: HistogramColors}} place
 */
function drawMarks(context, marks, { width, limit, floor, colors }) {
  for (let index = 0; index < marks.length; index += 1) {
    const x = ((Math.max(-1, Math.min(1, marks[index] / limit)) + 1) / 2) * (width - 6) + 3;
    context.fillStyle = marks[index] < 0 ? colors.negative : colors.positive;
    context.beginPath();
    context.arc(x, floor + 5.5, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HistogramShown | null} shown null clears it
 * @param {HistogramColors} colors
 */
export function drawHistogram(canvas, shown, colors) {
  const opened = openCanvas(canvas);
  if (!opened || !shown) return;
  const { context, width, height } = opened;
  const floor = height - foot;
  context.fillStyle = colors.line;
  context.fillRect(0, floor, width, 1);
  context.fillRect(width / 2 - 0.5, 0, 1, height);
  drawBars(context, shown.counts, { width, floor, colors });
  drawMarks(context, shown.marks ?? [], { width, limit: shown.limit, floor, colors });
}
