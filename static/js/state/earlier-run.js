/** A run of a ready-made network that was made at another time: only its numbers are kept, to be laid under one's own curve. */

import { usualLayers } from "./image-spec.js";

/**
 * @typedef {import("./image-spec.js").ImageSpec} ImageSpec
 * @typedef {import("./image-spec.js").ImageLayer} ImageLayer
 * @typedef {import("./image-networks.js").ImageNetwork} ImageNetwork
 */

/**
 * @typedef {object} EarlierRun
 * @property {string} name of the network
 * @property {number} processor_minutes that it took
 * @property {{epoch: number[], loss: number[], val_loss: number[], accuracy: number[], val_accuracy: number[]}} history
 */

/** @param {ImageLayer} layer */
const writtenOut = (layer) =>
  JSON.stringify(Object.entries({ ...usualLayers[layer.kind ?? "dense"], ...layer }).sort());

/** @param {readonly ImageLayer[] | undefined} layers */
const wholeText = (layers = []) => layers.map(writtenOut).join();

/**
 * @param {readonly ImageNetwork[]} networks
 * @param {Pick<ImageSpec, "dataset" | "layers">} spec
 * @returns {string | null} under which name an earlier run of this very network on these data is kept
 */
export function earlierRunOf(networks, { dataset, layers }) {
  const same = networks.find(
    ({ earlier_run: kept, dataset: wanted, layers: its }) =>
      kept && (wanted?.name ?? wanted) === dataset.name && wholeText(its) === wholeText(layers),
  );
  return same?.earlier_run ?? null;
}
