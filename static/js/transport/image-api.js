/** Questions about pictures: data sets, own images. Only the image page loads them. */

import { createApi, createRequests } from "./api.js";
import { upload } from "./upload.js";

/**
 * @typedef {object} Pictures some samples of one share, in the order in which a run has them
 * @property {readonly [number, number, number]} shape height, width, channels
 * @property {number} total samples of the share
 * @property {number} start place of the first one
 * @property {number[]} labels index of the class of each
 * @property {Uint8Array} pictures one after the other, rows first, channels last; 0 to 255
 * @property {string[]} classNames
 */

/**
 * @typedef {object} PicturesQuestion
 * @property {unknown} dataset of a spec
 * @property {unknown} augmentation of a spec; null for the pictures as they are
 * @property {"train" | "val"} share
 * @property {number} start
 * @property {number} count
 * @property {number} [epoch] for which the pictures are changed
 * @property {number} [seed] of the spec
 */

/**
 * @typedef {object} Collection own images on the server
 * @property {string} collection its id, known to this browser alone
 * @property {"preparing" | "ready" | "failed"} state
 * @property {number | null} [progress] 0 to 1
 * @property {string | null} [message]
 * @property {string | null} [code] the message as a word
 * @property {readonly number[] | null} [shape] height, width, channels
 * @property {readonly {name: string, count: number}[]} classes
 * @property {{train: number, test: number} | null} [given]
 * @property {readonly {file: string, message: string}[]} [problems]
 * @property {string} [expires] when it will be deleted
 * @property {boolean} [isForeign] another browser brought it: this page knows it by a link alone
 */

/** @param {any} answer @returns {Pictures} */
function picturesOf({ shape, total, start, labels, pictures, class_names }) {
  const bytes = Uint8Array.from(atob(pictures), (sign) => sign.charCodeAt(0));
  return { shape, total, start, labels, pictures: bytes, classNames: class_names };
}

/**
 * @param {{baseUrl: string, fetch: typeof globalThis.fetch}} surroundings baseUrl: where the product is mounted, ends with "/"
 */
export function createImageApi(surroundings) {
  const { address, ask, read, post } = createRequests(surroundings);
  const path = (/** @type {string} */ id) => `api/images/${encodeURIComponent(id)}`;
  return {
    ...createApi(surroundings),
    /** @param {PicturesQuestion} question @returns {Promise<Pictures>} */
    fetchPictures: async (question) => picturesOf(await post("api/datasets/pictures", question)),
    /** Asks the server to get a data set that is missing. @param {string} name */
    fetchDataset: (name) => post(`${path(name)}/fetch`, {}),
    /** @param {Blob} zip of class folders @param {(share: number) => void} onProgress 0 to 1 */
    uploadCollection: (zip, onProgress) =>
      upload(address("api/images"), { body: zip, type: "application/zip", onProgress }),
    /** @param {string} id @returns {Promise<Collection>} */
    fetchCollection: (id) => read(path(id)),
    /** @param {string} id */
    deleteCollection: async (id) => void (await ask(path(id), { method: "DELETE" })),
    /** @returns {Promise<{bases: import("../pages/images/transfer/slice.js").Base[]}>} pretrained networks */
    fetchBases: () => read("api/bases"),
    /** Asks the server to get the weights of one. @param {{width: number, size: number}} base */
    fetchBase: (base) => post("api/bases/fetch", { base }),
    /** @returns {Promise<import("../state/image-networks.js").ImageNetwork[]>} */
    fetchImageNetworks: () => read("static/presets/image_networks.json"),
    /** @param {string} name @returns {Promise<import("../state/earlier-run.js").EarlierRun>} */
    fetchEarlierRun: (name) => read(`static/presets/${name}.json`),
  };
}

/** @typedef {ReturnType<typeof createImageApi>} ImageApi all that the playground's page can ask, too */
