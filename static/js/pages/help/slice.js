/** What the page's state keeps of this room. */

/**
 * @typedef {object} HelpSlice
 * @property {boolean} hasShortcuts single keys press controls
 * @property {string | null} topic to show first when the help opens
 */

/** @type {HelpSlice} */
export const helpAtFirst = Object.freeze({ hasShortcuts: true, topic: null });
