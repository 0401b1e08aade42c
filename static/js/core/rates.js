/** The steps a rate slider or list offers, and the nearest of them to a value that came from elsewhere. */

export const learningRateSteps = Object.freeze([0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]);

export const regularizationRateSteps = Object.freeze([0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]);

/** Epochs a second; null is as fast as the server can. */
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
 * @param {readonly number[]} steps ascending
 * @param {number} value
 * @returns {number} index of the step whose ratio to the value is smallest
 */
export function nearestStep(steps, value) {
  const distance = (/** @type {number} */ step) => Math.abs(Math.log(step) - Math.log(value));
  return steps.reduce((best, step, index) => (distance(step) < distance(steps[best]) ? index : best), 0);
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
