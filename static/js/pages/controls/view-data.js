/** What the choices of how the network learns show. */

import { memoizeLast } from "../../core/memoize.js";
import {
  learningRateSteps,
  momentumSteps,
  placeAmong,
  regularizationRateSteps,
  speedSteps,
  stepsWithin,
} from "../../core/rates.js";
import { rateCurve } from "../../core/schedules.js";
import { classesOf, problemOf } from "../../state/datasets.js";
import { fittingLosses, lossOf } from "../../state/losses.js";
import { clippingOf, constantSchedule } from "../../state/spec.js";

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
    learningRatePlace: placeAmong(learningRatesOf(offer.learningRate), spec.optimizer.learning_rate),
    penaltyRates: penaltyRatesOf(offer.penaltyRate),
    speeds: speedSteps,
    problems: problemsOf(datasets),
    problem: problemOf(datasets, spec.dataset.name),
    spec,
    activation,
    penaltyKind: penalty.kind,
    penaltyRate: penalty.rate,
    speed,
    unusual: unusualOf(spec),
  };
}

/**
 * What is set in the drawer and is not as usual, so that nobody has to open it to know: keys of texts, and what they
 * say.
 * @type {(spec: PageState["spec"]) => readonly {key: string, params: Record<string, string | number>}[]}
 */
const unusualOf = memoizeLast((spec) => {
  const { momentum = 0, nesterov = false, schedule = constantSchedule } = spec.optimizer;
  const clipping = clippingOf(spec);
  const said = (/** @type {boolean} */ isSo, /** @type {string} */ key, params = {}) => (isSo ? [{ key, params }] : []);
  return [
    ...said(spec.loss !== "auto", `loss.${spec.loss}`),
    ...said(momentum > 0, nesterov ? "unusual.nesterov" : "unusual.momentum", { momentum }),
    ...said(schedule.name !== "constant", `unusual.${schedule.name}`),
    ...said(clipping.kind !== "none", "unusual.clipped", { amount: clipping.amount }),
    ...said(Boolean(spec.early_stopping), "unusual.early_stopping"),
    ...said(spec.epochs !== null, "unusual.epochs", { count: spec.epochs ?? 0 }),
  ];
});

const lossesOf = memoizeLast(fittingLosses);
const curveOf = memoizeLast((/** @type {import("../../state/spec.js").ScheduleSpec} */ schedule) =>
  rateCurve(schedule, 161),
);
const clippingShown = memoizeLast(clippingOf);
const metricsOf = memoizeLast((/** @type {readonly string[]} */ metrics, /** @type {boolean} */ hasClasses) =>
  metrics.filter((metric) => hasClasses || !metric.includes("accuracy")),
);

/** @param {PageState} state */
export function learningSettingsData({ translator, offer: { learning: offer }, datasets, spec }) {
  const classes = classesOf(datasets, spec.dataset);
  const { name, momentum = 0, schedule = constantSchedule } = spec.optimizer;
  return {
    translator,
    offer,
    spec,
    losses: lossesOf(classes),
    usedLoss: lossOf(spec, classes),
    momentums: momentumSteps,
    momentumPlace: placeAmong(momentumSteps, momentum),
    momentumReason: name === "sgd" ? null : "momentum.needs_sgd",
    clipping: clippingShown(spec),
    schedule,
    curve: curveOf(schedule),
    stoppingMetrics: metricsOf(offer.stoppingMetrics, classes !== null),
  };
}
