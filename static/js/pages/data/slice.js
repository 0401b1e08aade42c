/** What the data card keeps besides the spec: points that are being laid, a formula that is being typed. */

/**
 * @typedef {object} DataSlice
 * @property {boolean} isLaying a tap on the picture lays a point
 * @property {number} label class of the points to lay; for numbers -1 or 1
 * @property {string | null} typed a formula as it was typed, while the spec has another; null: that of the spec
 * @property {import("../../transport/api.js").Problem | null} problem why the typed formula is no law
 */

/** @type {DataSlice} */
export const dataAtFirst = Object.freeze({ isLaying: false, label: 0, typed: null, problem: null });
