/** A jagged curve made calm, and where a curve has holes. */

/** @typedef {readonly (number | null)[]} Column */

/** The calmest curve that still follows its numbers. */
export const mostSmoothing = 0.99;

/**
 * Exponential moving average with bias correction: the first value is itself, not drawn towards zero. A hole stays a
 * hole and does not count.
 * @param {Column} column
 * @param {number} smoothing share of the past in each value: 0 changes nothing, 0.99 is very calm
 * @returns {Column} the same column when nothing is to be smoothed
 */
export function smooth(column, smoothing) {
  const share = Math.min(Math.max(smoothing, 0), mostSmoothing);
  if (!(share > 0)) return column;
  let sum = 0;
  let weight = 0;
  return column.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    sum = share * sum + (1 - share) * value;
    weight = share * weight + (1 - share);
    return sum / weight;
  });
}

/** @typedef {{from: number, to: number | null}} Gap epochs without a number; to is null when none came back */

/**
 * @param {Column} epochs ascending
 * @param {Column} column
 * @returns {Gap | null} the first hole
 */
export function firstGap(epochs, column) {
  const first = column.indexOf(null);
  if (first === -1) return null;
  const back = column.findIndex((value, row) => row > first && value !== null);
  return { from: epochs[first] ?? 0, to: back === -1 ? null : (epochs[back - 1] ?? 0) };
}

/**
 * @param {Column} epochs ascending
 * @param {number} epoch
 * @returns {number} the row whose epoch is nearest, -1 when there is none
 */
export function nearestRow(epochs, epoch) {
  let low = 0;
  let high = epochs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((epochs[middle] ?? 0) < epoch) low = middle + 1;
    else high = middle;
  }
  const isBeforeNearer = high > 0 && epoch - (epochs[high - 1] ?? 0) <= (epochs[high] ?? 0) - epoch;
  return isBeforeNearer ? high - 1 : high;
}
