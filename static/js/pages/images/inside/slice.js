/** What the tab that looks inside keeps. */

/**
 * @typedef {object} Look the answers of all layers to one picture
 * @property {Uint8Array} picture
 * @property {number} version of the network
 * @property {readonly Float32Array[]} maps of each layer, as the network's info lists them
 */

/** @typedef {{layer: number, unit: number, x: number, y: number}} Pointed a place on a map */
/** @typedef {{layer: number, unit: number, version: number, kernel: Float32Array, bias: number}} PointedKernel */
/** @typedef {{layer: number, version: number, kernels: readonly {kernel: Float32Array, bias: number}[]}} FirstKernels */

/**
 * @typedef {object} Occlusion
 * @property {Uint8Array} picture
 * @property {number} winner class whose probability is watched
 * @property {number} share of it when nothing is hidden
 * @property {number} done 0 to 1
 * @property {Float32Array | null} map mean fall of the probability at each pixel; null until it is done
 */

/**
 * @typedef {object} PictureMap
 * @property {"spread" | "gather"} kind principal components, or neighbours
 * @property {number} done 0 to 1
 * @property {number} epoch of the network
 * @property {Float32Array | null} places shape [samples, 2]
 * @property {readonly number[] | null} shares of the spread that the two directions show
 * @property {string} key of the test pictures
 */

/**
 * @typedef {object} InsideSlice
 * @property {Look | null} look
 * @property {Pointed | null} pointed
 * @property {PointedKernel | null} kernel of the map that is pointed at
 * @property {FirstKernels | null} firstKernels of the first convolution
 * @property {Occlusion | null} occlusion
 * @property {PictureMap | null} map
 */

/** @type {InsideSlice} */
export const insideAtFirst = Object.freeze({
  look: null,
  pointed: null,
  kernel: null,
  firstKernels: null,
  occlusion: null,
  map: null,
});
