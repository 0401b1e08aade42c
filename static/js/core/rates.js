/** The steps a rate slider or list offers, and where a value stands among them that came from elsewhere. */

export const learningRateSteps = Object.freeze([0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]);

export const regularizationRateSteps = Object.freeze([0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]);

export const momentumSteps = Object.freeze([0, 0.5, 0.8, 0.9, 0.95, 0.99]);

/** Epochs a second: the first is slow motion; null is as fast as the server can. */
export const speedSteps = Object.freeze([1, 5, 15, 60, 200, null]);

/**
 * @param {readonly number[]} steps
 * @param {{minimum: number, maximum: number}} range what the server accepts
 * @returns {number[]}
 */
export function stepsWithin(steps, { minimum, maximum }) {
  return steps.filter((step) => step >= minimum && step <= maximum);
}

/**
 * Where a value stands on a slider that has one place for each step. A value that is none of them, such as one that came
 * with a link, stands between two: a slider never shows a number that is not set.
 * @param {readonly number[]} steps ascending
 * @param {number} value
 * @returns {number} index of the step; with a fraction between two of them
 */
export function placeAmong(steps, value) {
  const above = steps.findIndex((step) => step >= value);
  if (above === -1) return steps.length - 1;
  if (above === 0 || steps[above] === value) return above;
  const [low, high] = [steps[above - 1], steps[above]];
  const isLogarithmic = low > 0;
  const way = isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return above - 1 + way;
}

/**
 * The step a slider goes to when it is moved: from between two steps, the next one on that side.
 * @param {number} before where it stood
 * @param {number} now where it was moved to
 * @returns {number} index of a step
 */
export function nextPlace(before, now) {
  return now > before ? Math.ceil(now) : Math.floor(now);
}

/**
 * The rate to try after a run has diverged: two steps down, at least a hundredth of 10.
 * @param {readonly number[]} steps ascending
 * @param {number} rate
 * @returns {number}
 */
export function calmerRate(steps, rate) {
  const lower = steps.filter((step) => step < rate);
  return lower.at(-2) ?? lower.at(-1) ?? rate / 10;
}
