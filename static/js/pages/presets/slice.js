/** What the page's state keeps of this room. */

/** @typedef {{}} PresetsSlice */

/** @type {PresetsSlice} */
export const presetsAtFirst = Object.freeze({});
