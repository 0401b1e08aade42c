/** What the drawing card keeps in the page's state: the picture everybody looks at, and where it comes from. */

/**
 * @typedef {import("../../../core/strokes.js").Stroke} Stroke
 * @typedef {{width: number, height: number, rgba: Uint8ClampedArray}} Photo a whole number of pixels for each of the network's
 * @typedef {{picture: Uint8Array, label: number | null}} Sample label: its true class
 */

/**
 * @typedef {object} DrawSlice
 * @property {readonly Stroke[]} strokes on a sheet of side 1
 * @property {Photo | null} photo that lies under the drawing
 * @property {Sample | null} sample that lies under the drawing
 * @property {Uint8Array | null} picture what the network sees, [height, width, channels]; null for a blank sheet
 * @property {string} madeFor data set and shape for which the picture was made
 * @property {{shares: readonly number[], picture: Uint8Array, elapsedMs: number} | null} answer probability of each class
 * @property {"off" | "asking" | "on"} camera
 * @property {string | null} trouble key of a sentence
 */

/** @type {DrawSlice} */
export const drawAtFirst = Object.freeze({
  strokes: [],
  photo: null,
  sample: null,
  picture: null,
  madeFor: "",
  answer: null,
  camera: "off",
  trouble: null,
});
