/** What the page's state keeps of this room. */

/** @typedef {{}} LayersSlice */

/** @type {LayersSlice} */
export const layersAtFirst = Object.freeze({});
