/** What the page's state keeps of this room. */

/**
 * @typedef {object} SharingSlice
 * @property {readonly string[]} hidden controls that the link of this page hides
 * @property {boolean} isEmbedded the page stands in a frame of another one
 * @property {readonly string[]} chosen controls the link in the dialog hides
 * @property {boolean} isCopied the link in the dialog is in the clipboard
 * @property {readonly import("../../state/spec-link.js").LinkProblem[]} problems of the link that was opened
 * @property {boolean} isPlaygrounds the link that was opened is one of TensorFlow Playground
 */

/** @type {SharingSlice} */
export const sharingAtFirst = Object.freeze({
  hidden: Object.freeze([]),
  isEmbedded: false,
  chosen: Object.freeze([]),
  isCopied: false,
  problems: Object.freeze([]),
  isPlaygrounds: false,
});
