/** Changes of a spec: each gives a new spec and leaves the old one as it was. */

import { features } from "../core/features.js";
import { hiddenLayers, withHiddenLayers } from "./hidden-layers.js";

/**
 * @typedef {object} DatasetSpec
 * @property {string} name
 * @property {number} samples
 * @property {number} noise 0 to 50
 * @property {number} train_fraction 0 to 1
 * @property {number} seed
 * @property {number} [classes]
 * @property {string} [formula] law of the data, where it has one
 * @property {number[][]} [points] samples added by hand: x1, x2, label
 */

/** @typedef {{kind?: string, units: number, activation: string, rate?: number}} LayerSpec of any kind; units and activation are those of a dense one */

/**
 * @typedef {object} RunSpec what a run is made from, as the server speaks of it; fields the page does not know are kept
 * @property {DatasetSpec} dataset
 * @property {string[]} features
 * @property {LayerSpec[]} layers
 * @property {string} loss
 * @property {{name: string, learning_rate: number, momentum?: number, nesterov?: boolean}} optimizer
 * @property {{l1: number, l2: number}} regularization
 * @property {number} batch_size
 * @property {number | null} epochs
 * @property {{metric: string} | null} [early_stopping]
 * @property {number} seed
 */

/** @typedef {{kind: "none" | "l1" | "l2", rate: number}} Penalty */

/**
 * @param {RunSpec} spec
 * @param {Partial<DatasetSpec>} change
 * @returns {RunSpec}
 */
export function withDataset(spec, change) {
  return { ...spec, dataset: { ...spec.dataset, ...change } };
}

/**
 * @param {RunSpec} spec
 * @param {number} rate
 * @returns {RunSpec}
 */
export function withLearningRate(spec, rate) {
  return { ...spec, optimizer: { ...spec.optimizer, learning_rate: rate } };
}

/**
 * A momentum belongs to gradient descent; the other optimizers refuse it.
 * @param {RunSpec} spec
 * @param {string} name
 * @returns {RunSpec}
 */
export function withOptimizer(spec, name) {
  const unwanted = name === "sgd" ? {} : { momentum: 0, nesterov: false };
  return { ...spec, optimizer: { ...spec.optimizer, ...unwanted, name } };
}

/**
 * Another problem has another loss, and numbers have no accuracy to watch.
 * @param {RunSpec} spec
 * @returns {RunSpec}
 */
export function withOtherProblem(spec) {
  const stopping = spec.early_stopping;
  const watched = stopping ? { ...stopping, metric: stopping.metric.replace("accuracy", "loss") } : null;
  return { ...spec, loss: "auto", early_stopping: watched };
}

/**
 * @param {RunSpec} spec
 * @param {Penalty} penalty
 * @returns {RunSpec}
 */
export function withPenalty(spec, { kind, rate }) {
  const rates = { l1: kind === "l1" ? rate : 0, l2: kind === "l2" ? rate : 0 };
  return { ...spec, regularization: { ...spec.regularization, ...rates } };
}

/**
 * @param {RunSpec} spec
 * @returns {Penalty}
 */
export function penaltyOf({ regularization: { l1, l2 } }) {
  if (l1 > 0) return { kind: "l1", rate: l1 };
  return { kind: l2 > 0 ? "l2" : "none", rate: l2 };
}

/**
 * @param {RunSpec} spec
 * @param {number} size
 * @returns {RunSpec}
 */
export function withBatchSize(spec, size) {
  return { ...spec, batch_size: size };
}

/**
 * @param {RunSpec} spec
 * @param {string} activation of every hidden layer
 * @returns {RunSpec}
 */
export function withActivation(spec, activation) {
  return withHiddenLayers(
    spec,
    hiddenLayers(spec).map((layer) => ({ ...layer, activation })),
  );
}

/**
 * @param {RunSpec} spec
 * @param {string} activation
 * @returns {RunSpec}
 */
export function addLayer(spec, activation) {
  const added = { units: 2, activation, isNormalized: false, dropout: 0 };
  return withHiddenLayers(spec, [...hiddenLayers(spec), added]);
}

/**
 * @param {RunSpec} spec
 * @returns {RunSpec}
 */
export function removeLayer(spec) {
  return withHiddenLayers(spec, hiddenLayers(spec).slice(0, -1));
}

/**
 * @param {RunSpec} spec
 * @param {number} layer hidden layer, from 0
 * @param {Partial<import("./hidden-layers.js").HiddenLayer>} change
 * @returns {RunSpec}
 */
export function withHiddenLayer(spec, layer, change) {
  const hidden = hiddenLayers(spec).map((each, index) => (index === layer ? { ...each, ...change } : each));
  return withHiddenLayers(spec, hidden);
}

/**
 * @param {RunSpec} spec
 * @param {number} layer hidden layer, from 0
 * @param {number} units
 * @returns {RunSpec}
 */
export function withUnits(spec, layer, units) {
  return withHiddenLayer(spec, layer, { units });
}

/**
 * A network needs an input: the last feature stays.
 * @param {RunSpec} spec
 * @param {string} name
 * @returns {RunSpec} the same spec when nothing may change
 */
export function toggleFeature(spec, name) {
  const chosen = new Set(spec.features);
  if (chosen.has(name)) chosen.delete(name);
  else chosen.add(name);
  if (chosen.size === 0) return spec;
  return { ...spec, features: features.map((each) => each.name).filter((each) => chosen.has(each)) };
}

/**
 * @param {RunSpec} spec
 * @returns {RunSpec} the same network on a fresh sample of the same data set
 */
export function withNewSample(spec) {
  return withDataset(spec, { seed: spec.dataset.seed + 1 });
}

/**
 * @param {RunSpec} spec
 * @returns {RunSpec} the same data with other first weights
 */
export function withNewStart(spec) {
  return { ...spec, seed: spec.seed + 1 };
}
