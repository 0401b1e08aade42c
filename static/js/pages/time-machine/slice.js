/** What the page's state keeps of this room. */

/** @typedef {{}} TimeMachineSlice */

/** @type {TimeMachineSlice} */
export const timeMachineAtFirst = Object.freeze({});
