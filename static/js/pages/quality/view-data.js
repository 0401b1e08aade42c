/** How good the answers are: what the numbers, the matrix, the scatter and the lists show, and which samples are marked. */

import { accuracyOf, classQuality, confusionOf, predictedClasses } from "../../core/confusion.js";
import { explainedShare, largestResiduals, meanAbsoluteError } from "../../core/goodness.js";
import { memoizeLast } from "../../core/memoize.js";
import { classesOf, kindOf, outputsOf } from "../../state/datasets.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../page-state.js").Samples} Samples
 * @typedef {import("./slice.js").Evaluation} Evaluation
 * @typedef {import("./slice.js").Share} Share
 * @typedef {import("./slice.js").Chosen} Chosen
 * @typedef {import("./slice.js").Marked} Marked
 * @typedef {import("../../core/confusion.js").Confusion} Confusion
 * @typedef {import("../../core/goodness.js").Residual} Residual
 */

/** @typedef {{train: Confusion, val: Confusion}} Confusions */

/**
 * @typedef {object} Fit how well numbers are predicted
 * @property {number | null} explained R²
 * @property {number | null} error mean absolute
 * @property {readonly number[]} truths
 * @property {Float32Array} predicted
 * @property {Residual[]} largest
 */

/** Rows of the list of residuals. */
const residualRows = 8;
/** Rows of the list of samples; nobody reads more. */
export const sampleRows = 40;

/**
 * @param {PageState} state
 * @returns {Evaluation | null} null while the newest evaluation is not of this run and these samples
 */
export function currentEvaluation({ quality: { evaluation }, run, samples, datasets, spec }) {
  if (evaluation === null || samples === null || run?.runId !== evaluation.runId) return null;
  const { outputs, train, val } = evaluation;
  const isWhole =
    train.length === samples.train.labels.length * outputs && val.length === samples.val.labels.length * outputs;
  return isWhole && outputs === outputsOf(datasets, spec.dataset) ? evaluation : null;
}

/**
 * @param {Evaluation | null} evaluation
 * @param {PageState["samples"]} samples
 * @param {number | null} classes
 * @returns {Confusions | null} null while nothing is known, and for numbers
 */
function countConfusions(evaluation, samples, classes) {
  if (evaluation === null || samples === null || classes === null) return null;
  const count = (/** @type {Share} */ share) =>
    confusionOf(samples[share].labels, predictedClasses(evaluation[share], evaluation.outputs), classes);
  return { train: count("train"), val: count("val") };
}
const confusionsOf = memoizeLast(countConfusions);

/**
 * @param {Evaluation | null} evaluation
 * @param {PageState["samples"]} samples
 * @param {number | null} classes
 * @returns {{train: Fit, val: Fit} | null} null while nothing is known, and for classes
 */
function measureFits(evaluation, samples, classes) {
  if (evaluation === null || samples === null || classes !== null) return null;
  const measure = (/** @type {Share} */ share) => {
    const truths = samples[share].labels;
    const predicted = evaluation[share];
    return {
      explained: explainedShare(truths, predicted),
      error: meanAbsoluteError(truths, predicted),
      truths,
      predicted,
      largest: largestResiduals(truths, predicted, residualRows),
    };
  };
  return { train: measure("train"), val: measure("val") };
}
const fitsOf = memoizeLast(measureFits);

/**
 * @param {PageState["samples"]} samples
 * @returns {[number, number]} smallest and largest label of both shares: the scatter's axes do not move while it trains
 */
function labelRange(samples) {
  const labels = samples ? [...samples.train.labels, ...samples.val.labels] : [];
  if (labels.length === 0) return [-1, 1];
  const [low, high] = labels.reduce(
    ([low, high], label) => [Math.min(low, label), Math.max(high, label)],
    [Infinity, -Infinity],
  );
  const margin = (high - low || 1) * 0.08;
  return [low - margin, high + margin];
}
const rangeOf = memoizeLast(labelRange);

/**
 * @param {Confusions | null} confusions
 * @param {Share} share
 * @param {Chosen | null} chosen
 * @returns {Marked | null} the very samples to ring on the output picture
 */
function findMarked(confusions, share, chosen) {
  if (chosen === null) return null;
  if (chosen.kind === "sample") return { split: share, indices: [chosen.sample] };
  const indices = confusions?.[share].members[chosen.truth]?.[chosen.predicted];
  return indices ? { split: share, indices } : null;
}
const markedAs = memoizeLast(findMarked);

/**
 * @param {PageState} state
 * @returns {Marked | null}
 */
export function markedOf(state) {
  const classes = classesOf(state.datasets, state.spec.dataset);
  const confusions = confusionsOf(currentEvaluation(state), state.samples, classes);
  return markedAs(confusions, state.quality.share, state.quality.chosen);
}

const classesQuality = memoizeLast((/** @type {Confusion | null} */ confusion) =>
  confusion ? confusion.members.map((_row, label) => classQuality(confusion, label)) : null,
);

const headlinesOf = memoizeLast(
  (/** @type {Confusions | null} */ confusions, /** @type {ReturnType<typeof measureFits>} */ fits) => {
    const headline = (/** @type {Share} */ share) => ({
      value: confusions ? accuracyOf(confusions[share]) : (fits?.[share].explained ?? null),
      right: confusions?.[share].right ?? null,
      total: confusions?.[share].total ?? null,
      error: fits?.[share].error ?? null,
    });
    return { train: headline("train"), val: headline("val") };
  },
);

/**
 * What is listed of one sample: where it is, and how sure the network is.
 * @param {Evaluation} evaluation
 * @param {Samples} samples
 * @param {{share: Share, indices: readonly number[], predicted: readonly number[]}} wanted
 */
function listSamples({ outputs, train, val }, { features }, { share, indices, predicted }) {
  const answers = share === "train" ? train : val;
  return indices.slice(0, sampleRows).map((sample) => {
    const label = predicted[sample];
    const answer = answers[sample * outputs + (outputs === 1 ? 0 : label)];
    return { place: features[sample], predicted: label, certainty: outputs === 1 && label === 0 ? 1 - answer : answer };
  });
}

const listedOf = memoizeLast(
  (
    /** @type {Evaluation | null} */ evaluation,
    /** @type {PageState["samples"]} */ samples,
    /** @type {Confusions | null} */ confusions,
    /** @type {Marked | null} */ marked,
  ) => {
    if (!evaluation || !samples || !confusions || !marked) return null;
    const { split, indices } = marked;
    const { predicted } = confusions[split];
    return {
      total: indices.length,
      rows: listSamples(evaluation, samples[split], { share: split, indices, predicted }),
    };
  },
);

/** Training samples that are learned by heart: so much better than the others is no accident. */
const clearGap = 0.1;

/** @param {PageState} state */
export function qualityData(state) {
  const { translator, palette, samples, datasets, spec, quality } = state;
  const { share, chosen } = quality;
  const classes = classesOf(datasets, spec.dataset);
  const evaluation = currentEvaluation(state);
  const confusions = confusionsOf(evaluation, samples, classes);
  const fits = fitsOf(evaluation, samples, classes);
  const headlines = headlinesOf(confusions, fits);
  const gap = (headlines.train.value ?? 0) - (headlines.val.value ?? 0);
  return {
    translator,
    palette,
    classes,
    isCurve: kindOf(datasets, spec.dataset.name) === "curve",
    share,
    chosen,
    headlines,
    hasGap: headlines.train.value !== null && headlines.val.value !== null && gap > clearGap,
    confusion: confusions?.[share] ?? null,
    classQualities: classesQuality(confusions?.[share] ?? null),
    listed: listedOf(evaluation, samples, confusions, markedOf(state)),
    fit: fits?.[share] ?? null,
    places: samples?.[share].features ?? null,
    range: rangeOf(samples),
  };
}
