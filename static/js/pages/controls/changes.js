/** What the choices of how the network learns make of the page's state. */

import { calmerRate, learningRateSteps } from "../../core/rates.js";
import * as change from "../../state/spec.js";

/**
 * @typedef {import("../room.js").PageState} PageState
 * @typedef {import("../room.js").StateChange} StateChange
 */

/** A rate to begin with when a penalty is chosen and none was set. */
const firstPenaltyRate = 0.001;

/**
 * @param {PageState} state
 * @param {import("../../state/spec.js").Penalty} penalty
 * @returns {StateChange}
 */
function withPenalty({ spec }, penalty) {
  return { penalty, spec: change.withPenalty(spec, penalty) };
}

/** @type {import("../room.js").Changes} */
export const controlsChanges = {
  new_start: ({ spec }) => ({ spec: change.withNewStart(spec) }),
  batch_size: ({ spec }, value) => ({ spec: change.withBatchSize(spec, value) }),
  learning_rate: ({ spec }, value) => ({ spec: change.withLearningRate(spec, value) }),
  optimizer: ({ spec }, value) => ({ spec: change.withOptimizer(spec, value) }),
  activation: ({ spec }, value) => ({ spec: change.withActivation(spec, value), activation: value }),
  penalty_kind: (state, kind) =>
    withPenalty(state, { kind, rate: state.penalty.rate || (kind === "none" ? 0 : firstPenaltyRate) }),
  penalty_rate: (state, rate) => withPenalty(state, { ...state.penalty, rate }),
  speed: (_state, value) => ({ speed: value }),
  calmer: ({ spec }) => ({
    spec: change.withLearningRate(spec, calmerRate(learningRateSteps, spec.optimizer.learning_rate)),
  }),
};
