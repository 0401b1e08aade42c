/** What the server's list of data sets says about pictures. */

import { planNetwork } from "../core/image-shapes.js";

/**
 * @typedef {object} ImageDataset
 * @property {string} name
 * @property {string} title
 * @property {string} problem
 * @property {string} kind "image"
 * @property {number} samples a good number of samples
 * @property {number | null} classes
 * @property {Record<string, number[]>} [limits] smallest and largest of what can be chosen
 * @property {readonly number[] | null} [shape] height, width, channels; null for own images
 * @property {readonly string[] | null} [class_names]
 * @property {{train: number, test: number} | null} [given] the set's own split
 * @property {"ready" | "missing" | "preparing" | "failed"} [state]
 * @property {number | null} [progress] 0 to 1
 * @property {string | null} [message] why it is not there, and what to do
 * @property {string | null} [code] the same as a word
 * @property {number | null} [download_mb]
 */

/** The data set that stands for all own collections. */
export const ownImages = "own_images";

/** @param {import("./image-spec.js").ImageDatasetSpec} dataset @returns {string} the same text for the same set of pictures */
export function keyOf({ name, images }) {
  return name === ownImages && images ? `own:${images.collection}` : name;
}

/**
 * @param {readonly any[]} datasets all the server has
 * @returns {ImageDataset[]}
 */
export function imageDatasets(datasets) {
  return datasets.filter(({ kind }) => kind === "image");
}

/**
 * @param {ImageDataset | undefined} dataset
 * @returns {boolean} there are pictures to train with
 */
export function isReady(dataset) {
  return dataset !== undefined && (dataset.state ?? "ready") === "ready";
}

/**
 * @param {readonly ImageDataset[]} datasets
 * @param {import("./image-spec.js").ImageSpec} spec
 * @returns {readonly number[]} height, width, channels
 */
export function shapeOf(datasets, { dataset: { name, images } }) {
  if (name === ownImages && images) return [images.side, images.side, images.channels];
  return datasets.find((entry) => entry.name === name)?.shape ?? [8, 8, 1];
}

/**
 * @param {readonly ImageDataset[]} datasets
 * @param {import("./image-spec.js").ImageSpec} spec
 * @returns {number}
 */
export function classesIn(datasets, { dataset: { name, images } }) {
  if (name === ownImages && images) return images.classes;
  return datasets.find((entry) => entry.name === name)?.classes ?? 10;
}

/** Numbers that one answer of the server may hold. */
const mostNumbers = 4_000_000;

/**
 * @param {readonly ImageDataset[]} datasets
 * @param {import("./image-spec.js").ImageSpec} spec
 * @param {number} most that would be good
 * @returns {number} pictures that may be asked for at once
 */
export function picturesAtOnce(datasets, spec, most) {
  const size = shapeOf(datasets, spec).reduce((product, side) => product * side, 1);
  return Math.max(1, Math.min(most, Math.floor(mostNumbers / size)));
}

/** What a base network says about a picture: so many numbers. */
const embedding = 1280;

/**
 * @param {readonly ImageDataset[]} datasets
 * @param {import("./image-spec.js").ImageSpec} spec
 * @returns {import("../core/image-shapes.js").NetworkPlan} shapes and weights of its layers, without those of a base
 */
export function planOf(datasets, spec) {
  const classes = classesIn(datasets, spec);
  // One unit per class, but one for two classes.
  const outputs = classes === 2 ? 1 : classes;
  return planNetwork(spec.layers, spec.base ? [embedding] : shapeOf(datasets, spec), outputs);
}
