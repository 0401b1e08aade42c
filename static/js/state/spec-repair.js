/** A spec put together from parts that may not fit each other, made into the nearest one the server accepts. */

import { classesOf, kindOf } from "./datasets.js";

/**
 * @typedef {import("./spec.js").RunSpec} RunSpec
 * @typedef {import("./datasets.js").DatasetEntry} DatasetEntry
 */

/** Inputs that a line of numbers has. */
const curveFeatures = Object.freeze(["x1", "x1_squared", "sin_x1"]);

const lossesOfNumbers = Object.freeze(["auto", "mse", "mae", "huber"]);

/**
 * @param {number} value
 * @param {number[] | undefined} range
 */
const within = (value, range) => (range ? Math.min(range[1], Math.max(range[0], value)) : value);

/**
 * @param {RunSpec} spec
 * @param {readonly DatasetEntry[]} datasets
 * @returns {RunSpec}
 */
function withFittingData(spec, datasets) {
  const { dataset } = spec;
  const entry = /** @type {any} */ (datasets.find(({ name }) => name === dataset.name));
  const isCurve = kindOf(datasets, dataset.name) === "curve";
  const features = isCurve ? spec.features.filter((name) => curveFeatures.includes(name)) : spec.features;
  const fitting = { ...dataset, samples: within(dataset.samples, entry?.limits?.samples) };
  if (dataset.classes !== undefined) fitting.classes = within(dataset.classes, entry?.limits?.classes);
  if (dataset.formula && entry?.takes_formula !== true) delete fitting.formula;
  return { ...spec, dataset: fitting, features: features.length ? features : [curveFeatures[0]] };
}

/**
 * @param {RunSpec} spec
 * @param {number | null} classes
 * @returns {RunSpec}
 */
function withFittingLoss(spec, classes) {
  const crossEntropy = classes === 2 ? "binary_crossentropy" : "categorical_crossentropy";
  const fitting = classes === null ? lossesOfNumbers : [...lossesOfNumbers, crossEntropy];
  const stopping = spec.early_stopping;
  const metric = classes === null ? stopping?.metric.replace("accuracy", "loss") : stopping?.metric;
  return {
    ...spec,
    loss: fitting.includes(spec.loss) ? spec.loss : "auto",
    ...(stopping && metric ? { early_stopping: { ...stopping, metric } } : {}),
  };
}

/**
 * @param {any} optimizer
 * @returns {any}
 */
function withFittingNumbers(optimizer) {
  const fitting = { ...optimizer };
  if (fitting.name !== "sgd" && fitting.momentum) fitting.momentum = 0;
  if (!fitting.momentum && fitting.nesterov) fitting.nesterov = false;
  if (typeof fitting.clip_norm === "number" && typeof fitting.clip_value === "number") fitting.clip_value = null;
  return fitting;
}

/**
 * @param {RunSpec} spec each of its values is allowed by itself
 * @param {readonly DatasetEntry[]} datasets
 * @returns {RunSpec} without the contradictions the server would refuse
 */
export function withoutContradictions(spec, datasets) {
  const fitting = withFittingData(spec, datasets);
  const learning = withFittingLoss(fitting, classesOf(datasets, fitting.dataset));
  return { ...learning, optimizer: withFittingNumbers(learning.optimizer) };
}
