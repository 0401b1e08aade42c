/** What the page's state keeps of this room. */

/** @typedef {{isWatching: boolean}} LayersSlice isWatching: the gradients are wanted, while the tab is open */

/** @type {LayersSlice} */
export const layersAtFirst = Object.freeze({ isWatching: false });
