/** What each intent of the controls makes of the page's state. Pure: the state in, the change out. */

import { calmerRate, learningRateSteps } from "../core/rates.js";
import { problemOf } from "../state/selectors.js";
import * as change from "../state/spec.js";

/**
 * @typedef {import("./page-state.js").PageState} PageState
 * @typedef {Partial<Pick<PageState, "spec" | "penalty" | "activation" | "speed" | "pointed" | "pinned">>} StateChange
 */

/** A rate to begin with when a penalty is chosen and none was set. */
const firstPenaltyRate = 0.001;

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

/**
 * @param {PageState} state
 * @param {import("../state/spec.js").Penalty} penalty
 * @returns {StateChange}
 */
function withPenalty({ spec }, penalty) {
  return { penalty, spec: change.withPenalty(spec, penalty) };
}

/** @type {Record<string, (state: PageState, value: any) => StateChange>} */
const changes = {
  problem: withProblem,
  dataset: withDatasetNamed,
  train_fraction: ({ spec }, value) => ({ spec: change.withDataset(spec, { train_fraction: value }) }),
  noise: ({ spec }, value) => ({ spec: change.withDataset(spec, { noise: value }) }),
  new_sample: ({ spec }) => ({ spec: change.withNewSample(spec) }),
  new_start: ({ spec }) => ({ spec: change.withNewStart(spec) }),
  batch_size: ({ spec }, value) => ({ spec: change.withBatchSize(spec, value) }),
  learning_rate: ({ spec }, value) => ({ spec: change.withLearningRate(spec, value) }),
  optimizer: ({ spec }, value) => ({ spec: change.withOptimizer(spec, value) }),
  activation: ({ spec }, value) => ({ spec: change.withActivation(spec, value), activation: value }),
  penalty_kind: (state, kind) =>
    withPenalty(state, { kind, rate: state.penalty.rate || (kind === "none" ? 0 : firstPenaltyRate) }),
  penalty_rate: (state, rate) => withPenalty(state, { ...state.penalty, rate }),
  speed: (_state, value) => ({ speed: value }),
};

/**
 * @param {PageState} state
 * @param {any} intent of a view
 * @returns {StateChange} what the intent changes in the spec and what goes with it
 */
export function specChange(state, intent) {
  const { spec, activation } = state;
  switch (intent.type) {
    case "change":
      return changes[intent.name](state, intent.value);
    case "toggle_feature":
      return { spec: change.toggleFeature(spec, intent.name), pointed: null, pinned: null };
    case "set_units":
      return { spec: change.withUnits(spec, intent.layer, intent.units), pointed: null, pinned: null };
    case "set_layers":
      return {
        spec: intent.change > 0 ? change.addLayer(spec, activation) : change.removeLayer(spec),
        pointed: null,
        pinned: null,
      };
    case "calmer":
      return { spec: change.withLearningRate(spec, calmerRate(learningRateSteps, spec.optimizer.learning_rate)) };
    default:
      return {};
  }
}
