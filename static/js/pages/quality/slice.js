/** What the page's state keeps of this room. */

/**
 * @typedef {object} Evaluation the network's answers for the samples at one moment
 * @property {string} runId
 * @property {number} epoch
 * @property {number} outputs answers of one sample
 * @property {Float32Array} train probabilities or numbers, shape [samples, outputs]
 * @property {Float32Array} val
 */

/** @typedef {"train" | "val"} Share */
/** @typedef {{split: Share, indices: readonly number[]}} Marked samples that are ringed on the output picture */

/**
 * @typedef {{kind: "cell", truth: number, predicted: number} | {kind: "sample", sample: number}} Chosen
 * a cell of the confusion matrix, or one sample
 */

/**
 * @typedef {object} QualitySlice
 * @property {Evaluation | null} evaluation newest
 * @property {Share} share whose answers are looked at
 * @property {Chosen | null} chosen
 * @property {Marked | null} marked
 */

/** @type {QualitySlice} */
export const qualityAtFirst = Object.freeze({ evaluation: null, share: "val", chosen: null, marked: null });
