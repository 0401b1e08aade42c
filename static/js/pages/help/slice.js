/** What the page's state keeps of this room. */

/** @typedef {{}} HelpSlice */

/** @type {HelpSlice} */
export const helpAtFirst = Object.freeze({});
