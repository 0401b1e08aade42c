/** What the page's state keeps of the data. */

/**
 * @typedef {import("../../../transport/image-api.js").Collection} Collection
 * @typedef {import("../../../transport/image-api.js").Pictures} Pictures
 */

/** @typedef {{phase: "packing" | "sending", share: number}} Sending share: 0 to 1 */

/** @typedef {{code: string, message: string}} Refusal the server's, in English; or the page's own, which has no code */

/**
 * @typedef {object} DataSlice
 * @property {readonly Collection[]} collections own images of this browser
 * @property {readonly string[]} gone own images that are not on the server any more
 * @property {boolean} isAdding somebody is about to bring own images
 * @property {Sending | null} sending
 * @property {Refusal | null} refusal what went wrong: why a set cannot be fetched, why own images cannot be used or deleted
 * @property {Record<string, Pictures>} thumbnails a few pictures of each set that is ready
 */

/** @type {DataSlice} */
export const dataAtFirst = Object.freeze({
  collections: [],
  gone: [],
  isAdding: false,
  sending: null,
  refusal: null,
  thumbnails: {},
});
