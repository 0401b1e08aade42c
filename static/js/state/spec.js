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
 * @property {string | null} [formula] law of the data; null for the one the data set has
 * @property {number[][]} [points] samples added by hand: x1, x2, label
 */

/** @typedef {{kind?: string, units: number, activation: string, rate?: number}} LayerSpec of any kind; units and activation are those of a dense one */

/** @typedef {{name: string, every_epochs: number, factor: number, epochs: number, final_fraction: number}} ScheduleSpec */

/**
 * @typedef {object} OptimizerSpec
 * @property {string} name
 * @property {number} learning_rate
 * @property {number} [momentum]
 * @property {boolean} [nesterov]
 * @property {number | null} [clip_norm]
 * @property {number | null} [clip_value]
 * @property {ScheduleSpec} [schedule]
 */

/** @typedef {{metric: string, patience?: number, min_delta?: number, restore_best?: boolean}} StoppingSpec */

/**
 * @typedef {object} RunSpec what a run is made from, as the server speaks of it; fields the page does not know are kept
 * @property {DatasetSpec} dataset
 * @property {string[]} features
 * @property {LayerSpec[]} layers
 * @property {string} loss
 * @property {OptimizerSpec} optimizer
 * @property {{l1: number, l2: number}} regularization
 * @property {number} batch_size
 * @property {number | null} epochs
 * @property {StoppingSpec | null} [early_stopping]
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
 * Numbers have no accuracy to watch.
 * @param {RunSpec} spec
 * @returns {RunSpec} the same spec when it watches none
 */
export function withoutAccuracy(spec) {
  const stopping = spec.early_stopping;
  if (!stopping?.metric.includes("accuracy")) return spec;
  return { ...spec, early_stopping: { ...stopping, metric: stopping.metric.replace("accuracy", "loss") } };
}

/**
 * Another problem has another loss.
 * @param {RunSpec} spec
 * @returns {RunSpec}
 */
export function withOtherProblem(spec) {
  return { ...withoutAccuracy(spec), loss: "auto" };
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

/**
 * @param {RunSpec} spec
 * @param {number} seed of the first weights
 * @returns {RunSpec}
 */
export function withSeed(spec, seed) {
  return { ...spec, seed };
}

/**
 * @param {RunSpec} spec
 * @param {string} loss
 * @returns {RunSpec}
 */
export function withLoss(spec, loss) {
  return { ...spec, loss };
}

/**
 * Looking ahead along a momentum needs one.
 * @param {RunSpec} spec
 * @param {number} momentum
 * @returns {RunSpec}
 */
export function withMomentum(spec, momentum) {
  const nesterov = momentum > 0 && spec.optimizer.nesterov === true;
  return { ...spec, optimizer: { ...spec.optimizer, momentum, nesterov } };
}

/**
 * @param {RunSpec} spec
 * @param {boolean} nesterov
 * @returns {RunSpec}
 */
export function withNesterov(spec, nesterov) {
  return { ...spec, optimizer: { ...spec.optimizer, nesterov } };
}

/** A schedule as the server has it when nobody says anything. */
export const constantSchedule = Object.freeze({
  name: "constant",
  every_epochs: 50,
  factor: 0.5,
  epochs: 300,
  final_fraction: 0,
});

/**
 * @param {RunSpec} spec
 * @param {Partial<ScheduleSpec>} change
 * @returns {RunSpec}
 */
export function withSchedule(spec, change) {
  const schedule = { ...constantSchedule, ...spec.optimizer.schedule, ...change };
  return { ...spec, optimizer: { ...spec.optimizer, schedule } };
}

/** @typedef {{kind: "none" | "norm" | "value", amount: number}} Clipping */

/** Where a clipping begins that was never set: what most gradients of a small network stay below. */
const firstClip = 1;

/**
 * @param {RunSpec} spec
 * @returns {Clipping} the amount is what a clipping would begin with when there is none
 */
export function clippingOf({ optimizer: { clip_norm = null, clip_value = null } }) {
  if (clip_norm !== null) return { kind: "norm", amount: clip_norm };
  return { kind: clip_value === null ? "none" : "value", amount: clip_value ?? firstClip };
}

/**
 * Gradients are clipped in one way only.
 * @param {RunSpec} spec
 * @param {Clipping} clipping
 * @returns {RunSpec}
 */
export function withClipping(spec, { kind, amount }) {
  const clips = { clip_norm: kind === "norm" ? amount : null, clip_value: kind === "value" ? amount : null };
  return { ...spec, optimizer: { ...spec.optimizer, ...clips } };
}

/**
 * @param {RunSpec} spec
 * @param {StoppingSpec | null} stopping null: the run goes on
 * @returns {RunSpec}
 */
export function withEarlyStopping(spec, stopping) {
  return { ...spec, early_stopping: stopping };
}

/**
 * @param {RunSpec} spec
 * @param {number | null} epochs null: until somebody stops it
 * @returns {RunSpec}
 */
export function withEpochs(spec, epochs) {
  return { ...spec, epochs };
}
