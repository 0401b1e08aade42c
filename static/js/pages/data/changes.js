/** What the controls of the data make of the page's state. */

import { problemOf } from "../../state/datasets.js";
import * as change from "../../state/spec.js";

/**
 * @typedef {import("../room.js").PageState} PageState
 * @typedef {import("../room.js").StateChange} StateChange
 */

/**
 * @param {PageState} state
 * @param {string} name of a data set
 * @returns {StateChange}
 */
function withDatasetNamed({ spec, datasets }, name) {
  const samples = datasets.find((entry) => entry.name === name)?.samples ?? spec.dataset.samples;
  return { spec: change.withDataset(spec, { name, samples }) };
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

/** @type {import("../room.js").Changes} */
export const dataChanges = {
  problem: withProblem,
  dataset: withDatasetNamed,
  train_fraction: ({ spec }, value) => ({ spec: change.withDataset(spec, { train_fraction: value }) }),
  noise: ({ spec }, value) => ({ spec: change.withDataset(spec, { noise: value }) }),
  new_sample: ({ spec }) => ({ spec: change.withNewSample(spec) }),
};
