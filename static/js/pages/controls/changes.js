/** What the choices of how the network learns make of the page's state. */

import { calmerRate, learningRateSteps } from "../../core/rates.js";
import * as change from "../../state/spec.js";

/**
 * @typedef {import("../room.js").PageState} PageState
 * @typedef {import("../room.js").StateChange} StateChange
 */

/** A rate to begin with when a penalty is chosen and none was set. */
const firstPenaltyRate = 0.001;

/** A number of epochs to begin with when training is to stop by itself: what a small network is done with. */
const firstEpochs = 300;

/**
 * @param {PageState} state
 * @param {import("../../state/spec.js").Penalty} penalty
 * @returns {StateChange}
 */
function withPenalty({ spec }, penalty) {
  return { penalty, spec: change.withPenalty(spec, penalty) };
}

/**
 * Everything in the drawer as it is at first; what stands on the page itself stays.
 * @param {PageState} state
 * @returns {StateChange}
 */
function withUsualSettings({ spec }) {
  const plain = change.withSchedule(change.withClipping(change.withMomentum(spec, 0), { kind: "none", amount: 0 }), {
    ...change.constantSchedule,
  });
  return { spec: { ...plain, loss: "auto", epochs: null, early_stopping: null } };
}

/** What the drawer changes. @type {import("../room.js").Changes} */
const settingsChanges = {
  loss: ({ spec }, value) => ({ spec: change.withLoss(spec, value) }),
  momentum: ({ spec }, value) => ({ spec: change.withMomentum(spec, value) }),
  nesterov: ({ spec }, isOn) => ({ spec: change.withNesterov(spec, isOn) }),
  schedule: ({ spec }, part) => ({ spec: change.withSchedule(spec, part) }),
  clip_kind: ({ spec }, kind) => ({ spec: change.withClipping(spec, { ...change.clippingOf(spec), kind }) }),
  clip_amount: ({ spec }, amount) => ({ spec: change.withClipping(spec, { ...change.clippingOf(spec), amount }) }),
  stops_early: ({ spec, offer }, isOn) => ({
    spec: change.withEarlyStopping(spec, isOn ? { ...offer.learning.earlyStopping } : null),
  }),
  stopping: ({ spec, offer }, part) => ({
    spec: change.withEarlyStopping(spec, { ...offer.learning.earlyStopping, ...spec.early_stopping, ...part }),
  }),
  has_epochs: ({ spec }, isOn) => ({ spec: change.withEpochs(spec, isOn ? firstEpochs : null) }),
  epochs: ({ spec }, value) => ({ spec: change.withEpochs(spec, value) }),
  seed: ({ spec }, value) => ({ spec: change.withSeed(spec, value) }),
  usual_settings: withUsualSettings,
};

/** @type {import("../room.js").Changes} */
export const controlsChanges = {
  ...settingsChanges,
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
