/** What the controls of the data make of the page's state. */

import { lineFeatures } from "../../core/features.js";
import { examplePoints, pointAt } from "../../core/own-points.js";
import { kindOf, problemOf } from "../../state/datasets.js";
import * as change from "../../state/spec.js";
import { dataAtFirst } from "./slice.js";

/**
 * @typedef {import("../room.js").PageState} PageState
 * @typedef {import("../room.js").StateChange} StateChange
 * @typedef {import("../../state/datasets.js").DatasetEntry} DatasetEntry
 * @typedef {import("../../state/spec.js").DatasetSpec} DatasetSpec
 */

/** Of the two-class example that a set of own points begins with. */
const exampleClasses = 2;

/** @param {PageState} state @param {string} name @returns {DatasetEntry | undefined} */
const entryOf = ({ datasets }, name) => datasets.find((entry) => entry.name === name);

/** @param {readonly (readonly number[])[]} points @returns {number[][]} */
const copied = (points) => points.map((point) => [...point]);

/**
 * Noise, share and seed stay; a law and own points belong to the data they were made for.
 * @param {DatasetSpec} dataset
 * @param {string} name
 * @param {DatasetEntry | undefined} entry
 * @returns {Partial<DatasetSpec>}
 */
function beginning(dataset, name, entry) {
  const isOwn = name === "points";
  return {
    name,
    samples: entry?.samples ?? dataset.samples,
    ...(entry?.limits?.classes ? { classes: isOwn ? exampleClasses : (entry.classes ?? dataset.classes) } : {}),
    ...(dataset.formula ? { formula: null } : {}),
    ...(isOwn || dataset.points?.length ? { points: isOwn ? copied(examplePoints) : [] } : {}),
  };
}

/**
 * A line has no second coordinate; back on the plane it is there again.
 * @param {PageState} state
 * @param {string} name of the data set to come
 * @returns {string[]}
 */
function featuresFor({ spec, datasets }, name) {
  const { features, dataset } = spec;
  const isCurve = kindOf(datasets, name) === "curve";
  const onLine = features.filter((feature) => lineFeatures.includes(feature));
  if (isCurve) return onLine.length === features.length ? features : onLine.length > 0 ? onLine : ["x1"];
  return kindOf(datasets, dataset.name) === "curve"
    ? ["x1", "x2", ...features.filter((each) => each !== "x1")]
    : features;
}

/**
 * @param {PageState} state
 * @param {string} name of a data set
 * @returns {StateChange}
 */
function withDatasetNamed(state, name) {
  const spec = { ...state.spec, features: featuresFor(state, name) };
  const dataset = beginning(spec.dataset, name, entryOf(state, name));
  return { spec: change.withDataset(spec, dataset), dataCard: { ...dataAtFirst, isLaying: name === "points" } };
}

/**
 * @param {PageState} state
 * @param {string} problem
 * @returns {StateChange}
 */
function withProblem(state, problem) {
  const { datasets, spec } = state;
  if (problemOf(datasets, spec.dataset.name) === problem) return {};
  const first = datasets.find((entry) => entry.problem === problem);
  return first ? withDatasetNamed({ ...state, spec: change.withOtherProblem(spec) }, first.name) : {};
}

/**
 * @param {PageState} state
 * @param {number[][]} points those that are too many are left out
 * @returns {StateChange} nothing when the data cannot have that few, or no more
 */
function withPoints(state, points) {
  const { spec } = state;
  const [fewest, most] = entryOf(state, spec.dataset.name)?.limits?.points ?? [0, 0];
  const fitting = points.slice(0, most);
  const isFull = fitting.length === pointsOf(state).length && points.length > most;
  return fitting.length < fewest || isFull ? {} : { spec: change.withDataset(spec, { points: fitting }) };
}

/** @param {PageState} state */
const pointsOf = ({ spec }) => spec.dataset.points ?? [];

/**
 * A point is laid, or the one that is there already is taken away.
 * @param {PageState} state
 * @param {{point: number[]}} tap
 */
function withTap(state, { point }) {
  const points = pointsOf(state);
  const meant = pointAt(points, { x1: point[0], x2: point[1] });
  return withPoints(state, meant < 0 ? [...points, point] : points.filter((_point, index) => index !== meant));
}

/** @param {PageState} state */
function withoutPoints(state) {
  return withPoints(state, state.spec.dataset.name === "points" ? copied(examplePoints) : []);
}

/**
 * Points of classes that are no more go with them.
 * @param {PageState} state
 * @param {number} classes
 * @returns {StateChange}
 */
function withClasses(state, classes) {
  const { spec } = state;
  const left = pointsOf(state).filter(([, , label]) => label < classes);
  const fewest = entryOf(state, spec.dataset.name)?.limits?.points?.[0] ?? 0;
  const points = left.length < fewest ? copied(examplePoints) : left;
  return { spec: change.withDataset(spec, left.length === pointsOf(state).length ? { classes } : { classes, points }) };
}

/** @type {import("../room.js").Changes} */
export const dataChanges = {
  problem: withProblem,
  dataset: withDatasetNamed,
  train_fraction: ({ spec }, value) => ({ spec: change.withDataset(spec, { train_fraction: value }) }),
  noise: ({ spec }, value) => ({ spec: change.withDataset(spec, { noise: value }) }),
  samples: ({ spec }, value) => ({ spec: change.withDataset(spec, { samples: value }) }),
  classes: withClasses,
  formula: ({ spec, dataCard }, value) => ({
    spec: change.withDataset(spec, { formula: value }),
    dataCard: { ...dataCard, typed: null, problem: null },
  }),
  new_sample: ({ spec }) => ({ spec: change.withNewSample(spec) }),
  laying: ({ dataCard }, { isLaying }) => ({ dataCard: { ...dataCard, isLaying } }),
  point_label: ({ dataCard }, { label }) => ({ dataCard: { ...dataCard, label } }),
  lay_points: (state, { points }) => withPoints(state, [...pointsOf(state), ...points]),
  tap_point: withTap,
  remove_points: withoutPoints,
};
