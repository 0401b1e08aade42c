/** What the page's state keeps of this room. */

/** @typedef {{}} CodeSlice */

/** @type {CodeSlice} */
export const codeAtFirst = Object.freeze({});
