/** What the page's state keeps of this room. */

/**
 * @typedef {object} CodeSlice
 * @property {string} script "" before the first answer
 * @property {any} notebook
 * @property {string} problem why there is none, "" when there is one
 */

/** @type {CodeSlice} */
export const codeAtFirst = Object.freeze({ script: "", notebook: null, problem: "" });
