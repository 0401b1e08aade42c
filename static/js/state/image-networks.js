/** Ready-made picture networks: a part of a spec each, laid over the settings everybody starts with. */

import { isReady, ownImages } from "./image-datasets.js";
import { noAugmentation, usualLayers } from "./image-spec.js";

/**
 * @typedef {import("./image-spec.js").ImageSpec} ImageSpec
 * @typedef {import("./image-datasets.js").ImageDataset} ImageDataset
 */

/** @typedef {Partial<Omit<ImageSpec, "dataset">> & {name: string, dataset?: any, earlier_run?: string}} ImageNetwork dataset: of a spec, or its name alone; null for any; earlier_run: the file of one */

/** The one a page begins with. */
const firstName = "small_cnn";

/**
 * @param {readonly ImageNetwork[]} networks
 * @returns {ImageNetwork}
 */
export function firstNetwork(networks) {
  return networks.find(({ name }) => name === firstName) ?? networks[0];
}

/** A good share to learn from, where the data set has no split of its own. */
const usualFraction = 0.8;

/**
 * @param {Pick<ImageDataset, "name" | "samples" | "given">} entry
 * @returns {{name: string, samples: number, train_fraction: number, split: "share" | "given"}} as much as is good to begin with
 */
function usualData({ name, samples, given }) {
  if (!given?.test || !given.train) return { name, samples, train_fraction: usualFraction, split: "share" };
  const share = Number((given.train / (given.train + given.test)).toFixed(10));
  return { name, samples, train_fraction: Math.min(0.9, Math.max(0.1, share)), split: "given" };
}

/**
 * @param {ImageSpec} spec
 * @param {ImageDataset} entry
 * @returns {ImageSpec} the same network on another data set
 */
export function withImageDataset(spec, entry) {
  const { seed, noise } = spec.dataset;
  const dataset = { ...spec.dataset, ...usualData(entry), seed, noise, images: null };
  return { ...spec, dataset };
}

/**
 * @param {ImageSpec} spec
 * @param {import("../transport/image-api.js").Collection} collection that is ready
 * @returns {ImageSpec} the same network on own images
 */
export function withCollection(spec, { collection, shape, classes, given }) {
  const samples = classes.reduce((sum, { count }) => sum + count, 0);
  const [side, , channels] = shape ?? [64, 64, 3];
  const images = { collection, side, channels, classes: classes.length };
  const data = usualData({ name: ownImages, samples, given });
  return { ...spec, dataset: { ...spec.dataset, ...data, images } };
}

/**
 * @param {ImageDataset} entry
 * @param {any} dataset of a spec, as a network wishes it
 * @returns {any} as much of it as the set has: somebody may have put a part of it there
 */
function within(entry, dataset) {
  const { given, limits } = entry;
  const [, most = Infinity] = limits?.samples ?? [];
  const split = isReady(entry) && !given?.test ? "share" : dataset.split;
  return { ...dataset, samples: Math.min(dataset.samples, most), split };
}

/**
 * What a network does not say is as it was at first, but the data stay unless it names others.
 * @param {ImageSpec} spec
 * @param {ImageNetwork} network
 * @param {{start: ImageSpec, datasets: readonly ImageDataset[]}} known
 * @returns {ImageSpec}
 */
export function withNetwork(spec, { name: _name, earlier_run: _run, dataset, ...part }, { start, datasets }) {
  const wanted = typeof dataset === "string" ? { name: dataset } : dataset;
  const entry = datasets.find(({ name }) => name === wanted?.name);
  const based = entry && entry.name !== spec.dataset.name ? withImageDataset(spec, entry) : spec;
  return {
    ...start,
    ...part,
    layers: (part.layers ?? []).map((layer) => ({ ...usualLayers[layer.kind ?? "dense"], ...layer })),
    optimizer: { ...start.optimizer, ...part.optimizer },
    regularization: { ...start.regularization, ...part.regularization },
    augmentation: { ...noAugmentation, ...part.augmentation },
    dataset: entry ? within(entry, { ...based.dataset, ...wanted }) : spec.dataset,
    seed: spec.seed,
  };
}

/**
 * @param {ImageSpec} serverDefault
 * @param {readonly ImageDataset[]} datasets
 * @param {readonly ImageNetwork[]} networks
 * @returns {ImageSpec} where everybody starts
 */
export function firstSpec(serverDefault, datasets, networks) {
  const learning = { optimizer: { ...serverDefault.optimizer, name: "adam", learning_rate: 0.001 }, batch_size: 32 };
  const start = { ...serverDefault, ...learning, epochs: 20, layers: [], augmentation: noAugmentation };
  const onPictures = withImageDataset(start, datasets[0]);
  return withNetwork(onPictures, { ...firstNetwork(networks), dataset: null }, { start: onPictures, datasets });
}
