/** What the page's state keeps of this room. */

/** @typedef {{}} RunsSlice */

/** @type {RunsSlice} */
export const runsAtFirst = Object.freeze({});
