/** What the quality tab keeps: pictures the network has never learned from, and what it says to them. */

/**
 * @typedef {object} Tested
 * @property {string} key run and data they belong to
 * @property {number[]} labels true class of each
 * @property {Uint8Array} pictures one after the other
 * @property {number} size bytes of one
 * @property {readonly number[]} shape
 */

/**
 * @typedef {object} Verdicts
 * @property {string} key of the pictures
 * @property {number} epoch of the network
 * @property {number} outputs
 * @property {Float32Array} answers shape [answered, outputs]
 */

/**
 * @typedef {object} QualitySlice
 * @property {Tested | null} tested null until they are there
 * @property {Verdicts | null} verdicts
 * @property {number} answered share of the pictures that were answered in the pass that is on its way; 1 when it is done
 * @property {{kind: "cell", truth: number, predicted: number} | null} chosen
 * @property {string | null} trouble why there are no pictures
 */

/** @type {QualitySlice} */
export const qualityAtFirst = Object.freeze({ tested: null, verdicts: null, answered: 1, chosen: null, trouble: null });
