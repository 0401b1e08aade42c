/** What the page's state keeps of this room. */

/** @typedef {{}} QualitySlice */

/** @type {QualitySlice} */
export const qualityAtFirst = Object.freeze({});
