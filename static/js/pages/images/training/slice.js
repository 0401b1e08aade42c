/** What the page's state keeps of this room. */

/**
 * @typedef {object} TrainingSlice
 * @property {"loss" | "accuracy"} metric
 * @property {boolean} isLogarithmic
 * @property {boolean} showsEarlier whether an earlier run of the same network lies under the curve
 * @property {import("../../../state/earlier-run.js").EarlierRun | null} earlier the one that was fetched last
 */

/** @type {TrainingSlice} */
export const trainingAtFirst = Object.freeze({
  metric: "accuracy",
  isLogarithmic: false,
  showsEarlier: false,
  earlier: null,
});
