/** A spec put together from parts that may not fit each other, made into the nearest one the server accepts. */

import { lineFeatures } from "../core/features.js";
import { curveDomain } from "../core/grid.js";
import { examplePoints } from "../core/own-points.js";
import { classesOf, kindOf } from "./datasets.js";
import { withFittingLoss } from "./losses.js";
import { withoutAccuracy } from "./spec.js";

/**
 * @typedef {import("./spec.js").RunSpec} RunSpec
 * @typedef {import("./datasets.js").DatasetEntry} DatasetEntry
 */

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
  const entry = datasets.find(({ name }) => name === dataset.name);
  const isCurve = kindOf(datasets, dataset.name) === "curve";
  const features = isCurve ? spec.features.filter((name) => lineFeatures.includes(name)) : spec.features;
  const fitting = { ...dataset, samples: within(dataset.samples, entry?.limits?.samples) };
  if (dataset.classes !== undefined) fitting.classes = within(dataset.classes, entry?.limits?.classes);
  if (dataset.formula !== undefined && entry?.takes_formula !== true) fitting.formula = null;
  if (dataset.points !== undefined) fitting.points = fittingPoints(fitting, datasets);
  const [low, high] = curveDomain(dataset);
  if (low >= high) Object.assign(fitting, usualLine);
  return { ...spec, dataset: fitting, features: features.length ? features : [lineFeatures[0]] };
}

/** For a line that ends before it begins. */
const [x_min, x_max] = curveDomain({});
const usualLine = Object.freeze({ x_min, x_max });

/**
 * @param {RunSpec["dataset"]} dataset
 * @param {readonly DatasetEntry[]} datasets
 * @returns {number[][]} those own points that the data can have, or an example when these are too few to learn from
 */
function fittingPoints({ points = [], ...dataset }, datasets) {
  const [fewest, most] = datasets.find(({ name }) => name === dataset.name)?.limits?.points ?? [0, 0];
  const classes = classesOf(datasets, dataset);
  const isLabel = (/** @type {number} */ label) =>
    classes === null || (Number.isInteger(label) && label >= 0 && label < classes);
  const fitting = points.filter(([, , label]) => isLabel(label)).slice(0, most);
  return fitting.length < fewest ? examplePoints.map((point) => [...point]) : fitting;
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
  const classes = classesOf(datasets, fitting.dataset);
  const watching = classes === null ? withoutAccuracy(fitting) : fitting;
  const learning = withFittingLoss(watching, classes);
  return { ...learning, optimizer: withFittingNumbers(learning.optimizer) };
}
