/** What the page's state keeps of this room. */

/** @typedef {{}} SharingSlice */

/** @type {SharingSlice} */
export const sharingAtFirst = Object.freeze({});
