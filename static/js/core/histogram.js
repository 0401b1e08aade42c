/** How numbers are spread: counts in bins around zero, within borders that do not fidget. */

/**
 * @typedef {object} Histogram
 * @property {number} limit the bins reach from -limit to +limit
 * @property {readonly number[]} counts an odd number of bins: the middle one holds what is about zero
 */

/** Bins of a histogram of weights. */
export const weightBins = 25;

/** Borders shrink only when the numbers need less than this share of them. */
const roomy = 0.4;

/**
 * @param {ArrayLike<number>} values those that are not numbers are left out, those beyond the limit fall into the last bins
 * @param {number} limit above 0
 * @param {number} bins
 * @returns {Histogram}
 */
export function histogramOf(values, limit, bins = weightBins) {
  /** @type {number[]} */
  const counts = Array.from({ length: bins }, () => 0);
  for (let index = 0; index < values.length; index += 1) {
    const place = Math.floor(((values[index] / limit + 1) / 2) * bins);
    if (!Number.isNaN(place)) counts[Math.min(bins - 1, Math.max(0, place))] += 1;
  }
  return { limit, counts };
}

/**
 * @param {readonly ArrayLike<number>[]} lists
 * @returns {number} largest absolute value of all; those that are not finite are left out
 */
export function largestSize(lists) {
  let largest = 0;
  for (const list of lists) {
    for (let index = 0; index < list.length; index += 1) {
      const size = Math.abs(list[index]);
      if (size > largest && size < Infinity) largest = size;
    }
  }
  return largest;
}

/**
 * Borders for numbers that change: a round number that holds them, kept until they outgrow it or need far less.
 * @param {number} largest absolute value that has to find room
 * @param {number | null} before the borders so far
 * @returns {number} 1, 2, 3, 5 or 7 times a power of ten, at least 0.1
 */
export function calmLimit(largest, before) {
  if (before !== null && largest <= before && largest > before * roomy) return before;
  const wanted = Math.max(largest, 0.1);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const round = [1, 2, 3, 5, 7, 10].find((step) => step * power >= wanted * (1 - 1e-9)) ?? 10;
  return Number((round * power).toPrecision(1));
}
