/** What the page's state keeps of this room. */

/** @typedef {import("../../../transport/image-api.js").Pictures} Pictures */

/** @typedef {{originals: Pictures | null, changed: Pictures | null}} AugmentationSlice a few training pictures, and how training may see them */

/** @type {AugmentationSlice} */
export const augmentationAtFirst = Object.freeze({ originals: null, changed: null });
