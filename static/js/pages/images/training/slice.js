/** What the page's state keeps of this room. */

/** @typedef {{metric: "loss" | "accuracy", isLogarithmic: boolean}} TrainingSlice */

/** @type {TrainingSlice} */
export const trainingAtFirst = Object.freeze({ metric: "accuracy", isLogarithmic: false });
