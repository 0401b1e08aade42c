/** What the page's state keeps of this room. */

/**
 * @typedef {object} PlotSlice
 * @property {"loss" | "accuracy"} metric
 * @property {boolean} hasLogEpochs the axis of the epochs is logarithmic
 * @property {number} smoothing 0 to 0.99
 */

/** @type {PlotSlice} */
export const plotAtFirst = Object.freeze({ metric: "loss", hasLogEpochs: false, smoothing: 0 });
