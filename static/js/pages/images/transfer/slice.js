/** What the page's state keeps of this room. */

/**
 * @typedef {object} Base a pretrained network as the server lists it
 * @property {string} name
 * @property {number} width percent
 * @property {number} size pixels
 * @property {string} file name of its weights
 * @property {"ready" | "missing" | "preparing" | "failed"} state
 * @property {string | null} message
 * @property {number} download_mb
 * @property {number} weights
 * @property {readonly import("../../../core/transfer.js").BaseBlock[]} blocks
 */

/** @typedef {{examples: number, scratch: number | null, base: number | null}} StudyPoint accuracies with unseen pictures; null: not known yet */

/** @typedef {{key: string, points: readonly StudyPoint[], runs: number, done: number, isRunning: boolean, failure: string | null}} Study */

/**
 * @typedef {object} TransferSlice
 * @property {readonly Base[] | null} bases null until they were asked for
 * @property {boolean} isWanted a base was chosen that is not there yet
 * @property {string | null} failure why the base that is chosen could not be fetched
 * @property {number} width of the base that is chosen or offered
 * @property {number} size
 * @property {number} unfrozen layers, as it was last
 * @property {Pick<import("../../../state/image-spec.js").ImageSpec, "layers" | "augmentation"> | null} scratch what was there before the base
 * @property {readonly import("../../../state/image-spec.js").ImageLayer[] | null} head the layers on top of the base, as they were last
 * @property {Study | null} study
 */

/** @type {TransferSlice} */
export const transferAtFirst = Object.freeze({
  bases: null,
  isWanted: false,
  failure: null,
  width: 35,
  size: 96,
  unfrozen: 0,
  scratch: null,
  head: null,
  study: null,
});

/**
 * @param {TransferSlice} slice
 * @returns {Base | undefined} the one that is chosen or offered
 */
export const baseIn = ({ bases, width, size }) => bases?.find((each) => each.width === width && each.size === size);
