/** The address of the image page: every setting that is not the usual one, and the run. Pure. */

import { readImageLayers, writeImageLayers } from "./image-layers-link.js";
import { entriesOf, hashOf } from "./link-entries.js";
import { readSpec, writeSpec } from "./spec-link.js";

/**
 * @typedef {import("./image-spec.js").ImageSpec} ImageSpec
 * @typedef {{start: ImageSpec, schema: import("./spec-schema.js").Schema, datasets: readonly import("./image-datasets.js").ImageDataset[]}} ImageBook
 */

/** @typedef {{spec: ImageSpec, hasSettings: boolean, runId: string | null}} ImageLink */

const layersText = { write: writeImageLayers, read: readImageLayers };

/** @param {ImageBook} book @returns {import("./spec-link.js").Book} */
const bookOf = (book) => /** @type {any} */ ({ ...book, layersText });

/**
 * @param {ImageSpec} spec
 * @param {string | null} runId
 * @param {ImageBook} book
 * @returns {string} "#" and the entries; the run comes last
 */
export function linkOfImages(spec, runId, book) {
  const entries = writeSpec(/** @type {any} */ (spec), bookOf(book));
  return hashOf([...entries, .../** @type {[string, string][]} */ (runId ? [["run", runId]] : [])]);
}

/**
 * @param {string} hash
 * @param {ImageBook} book
 * @returns {ImageLink} what of it is known and allowed; the rest is left out
 */
export function imagesOfLink(hash, book) {
  const entries = entriesOf(hash);
  const { spec, names } = readSpec(entries, bookOf(book));
  const run = new Map(entries).get("run") ?? "";
  return {
    spec: /** @type {any} */ (spec),
    hasSettings: names.length > 0,
    runId: /^[\w-]{1,64}$/.test(run) ? run : null,
  };
}
