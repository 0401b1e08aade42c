/** What the settings of learning make of the state. */

import { calmerRate, learningRateSteps } from "../../../core/rates.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** @param {ImagesState} state @param {Partial<ImagesState["spec"]>} change */
const change = ({ spec }, change) => ({ spec: { ...spec, ...change } });

/** @param {ImagesState} state @param {Partial<ImagesState["spec"]["optimizer"]>} optimizer */
const learning = ({ spec }, optimizer) => ({ spec: { ...spec, optimizer: { ...spec.optimizer, ...optimizer } } });

/** A momentum belongs to gradient descent alone. */
const noMomentum = Object.freeze({ momentum: 0, nesterov: false });

/** @type {import("../room.js").Changes} */
export const trainingChanges = {
  learning_rate: (state, rate) => learning(state, { learning_rate: rate }),
  optimizer: (state, name) => learning(state, { name, ...(name === "sgd" ? {} : noMomentum) }),
  batch_size: (state, size) => change(state, { batch_size: size }),
  epochs: (state, epochs) => change(state, { epochs }),
  seed: (state, seed) => change(state, { seed }),
  calmer: (state) =>
    learning(state, { learning_rate: calmerRate(learningRateSteps, state.spec.optimizer.learning_rate) }),
};
