/** How well numbers were predicted: the share of their spread that is explained, and what is left over. */

/**
 * @typedef {object} Residual
 * @property {number} sample index
 * @property {number} truth
 * @property {number} predicted
 * @property {number} difference predicted minus truth
 */

/** @param {readonly number[]} numbers */
const meanOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/**
 * R²: 1 for a perfect prediction, 0 for one as good as always saying the mean, negative for a worse one.
 * @param {readonly number[]} truths
 * @param {ArrayLike<number>} predicted
 * @returns {number | null} null when the truths do not differ, so that there is nothing to explain
 */
export function explainedShare(truths, predicted) {
  if (truths.length === 0) return null;
  const mean = meanOf(truths);
  let spread = 0;
  let left = 0;
  truths.forEach((truth, sample) => {
    spread += (truth - mean) ** 2;
    left += (predicted[sample] - truth) ** 2;
  });
  return spread > 0 ? 1 - left / spread : null;
}

/**
 * @param {readonly number[]} truths
 * @param {ArrayLike<number>} predicted
 * @returns {number | null} mean absolute error; null without samples
 */
export function meanAbsoluteError(truths, predicted) {
  if (truths.length === 0) return null;
  return meanOf(truths.map((truth, sample) => Math.abs(predicted[sample] - truth)));
}

/**
 * @param {readonly number[]} truths
 * @param {ArrayLike<number>} predicted
 * @param {number} count how many are wanted
 * @returns {Residual[]} the largest first
 */
export function largestResiduals(truths, predicted, count) {
  const all = truths.map((truth, sample) => ({
    sample,
    truth,
    predicted: predicted[sample],
    difference: predicted[sample] - truth,
  }));
  return all.sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference)).slice(0, count);
}
