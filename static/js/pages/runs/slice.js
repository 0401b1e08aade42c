/** What the page's state keeps of this room. */

/**
 * @typedef {object} RunsSlice
 * @property {readonly import("../../state/kept-runs.js").KeptRun[]} kept newest first
 * @property {Record<string, import("../../state/run-reducer.js").Run>} others what the kept runs did, by id, as far as it is known; the
 *   run that is shown is not among them, it is the page's own
 * @property {Record<string, string>} pictures of their outputs, by id, as data addresses
 * @property {boolean} isFull a fifth run was to be pinned
 */

/** @type {RunsSlice} */
export const runsAtFirst = Object.freeze({ kept: [], others: {}, pictures: {}, isFull: false });
