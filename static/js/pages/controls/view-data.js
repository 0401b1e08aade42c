/** What the choices of how the network learns show. */

import { memoizeLast } from "../../core/memoize.js";
import { learningRateSteps, regularizationRateSteps, speedSteps, stepsWithin } from "../../core/rates.js";
import { problemOf } from "../../state/datasets.js";

/** @typedef {import("../page-state.js").PageState} PageState */

const learningRatesOf = memoizeLast((/** @type {{minimum: number, maximum: number}} */ limits) =>
  stepsWithin(learningRateSteps, limits),
);
const penaltyRatesOf = memoizeLast((/** @type {{minimum: number, maximum: number}} */ limits) =>
  stepsWithin(regularizationRateSteps, limits),
);
const problemsOf = memoizeLast((/** @type {PageState["datasets"]} */ datasets) => [
  ...new Set(datasets.map((entry) => entry.problem)),
]);

/** @param {PageState} state */
export function specControlsData({ translator, offer, datasets, spec, penalty, activation, speed }) {
  return {
    translator,
    offer,
    learningRates: learningRatesOf(offer.learningRate),
    penaltyRates: penaltyRatesOf(offer.penaltyRate),
    speeds: speedSteps,
    problems: problemsOf(datasets),
    problem: problemOf(datasets, spec.dataset.name),
    spec,
    activation,
    penaltyKind: penalty.kind,
    penaltyRate: penalty.rate,
    speed,
  };
}
