/** What the data card shows. */

import { memoizeLast } from "../../core/memoize.js";
import { stepsWithin } from "../../core/rates.js";
import { classesOf, kindOf, problemOf } from "../../state/datasets.js";
import { classRampsOf, paintOf } from "../output/paint.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../state/datasets.js").DatasetEntry} DatasetEntry
 */

const sampleSteps = Object.freeze([20, 50, 100, 200, 300, 500, 750, 1000, 1200, 1500, 2000, 3000, 5000]);
const signs = Object.freeze([-1, 1]);

const thumbnailsOf = memoizeLast(
  (
    /** @type {PageState["datasets"]} */ datasets,
    /** @type {string} */ problem,
    /** @type {PageState["thumbnails"]} */ thumbnails,
    /** @type {PageState["translator"]} */ translator,
  ) =>
    datasets
      .filter((entry) => entry.problem === problem)
      .map(({ name, title, classes = null }) => ({
        name,
        title: translator.orElse(`dataset.${name}`, title),
        classes: name === "points" ? 2 : classes,
        samples: thumbnails[name] ?? null,
      })),
);

/** @param {PageState} state */
export function datasetPickerData({ datasets, spec, thumbnails, translator, ramp, palette }) {
  const problem = problemOf(datasets, spec.dataset.name);
  return {
    thumbnails: thumbnailsOf(datasets, problem, thumbnails, translator),
    chosen: spec.dataset.name,
    ramp,
    classRamps: classRampsOf(palette),
  };
}

/** @param {PageState} state @returns {DatasetEntry | undefined} */
const chosenEntry = ({ datasets, spec }) => datasets.find(({ name }) => name === spec.dataset.name);

const stepsOf = memoizeLast((/** @type {number[] | undefined} */ limits) =>
  limits ? stepsWithin(sampleSteps, { minimum: limits[0], maximum: limits[1] }) : null,
);
const classLimitsOf = memoizeLast((/** @type {number[] | undefined} */ limits) =>
  limits ? { minimum: limits[0], maximum: limits[1] } : null,
);

/** @param {PageState} state */
export function dataControlsData(state) {
  const { translator, spec, datasets, samples } = state;
  const limits = chosenEntry(state)?.limits;
  return {
    translator,
    sampleSteps: stepsOf(limits?.samples),
    samples: spec.dataset.samples,
    classLimits: classLimitsOf(limits?.classes),
    classes: classesOf(datasets, spec.dataset) ?? 2,
    seed: spec.dataset.seed,
    isDrawn: limits === undefined || limits.samples !== undefined,
    hasSamples: samples !== null,
  };
}

/**
 * @param {PageState["translator"]} translator
 * @param {import("../../transport/api.js").Problem | null} problem
 * @returns {string | null} in the reader's language where the page has a sentence for it
 */
export function problemText(translator, problem) {
  if (problem === null) return null;
  const key = `formula.problem.${problem.code}`;
  const isKnown = translator.orElse(key, "") !== "";
  return isKnown ? translator.t(key, { position: problem.position ?? 1 }) : problem.message;
}

/** @param {PageState} state */
export function formulaBoxData(state) {
  const { translator, spec, dataCard, datasets } = state;
  const entry = chosenEntry(state);
  const isCurve = kindOf(datasets, spec.dataset.name) === "curve";
  return {
    text: entry?.takes_formula ? (dataCard.typed ?? spec.dataset.formula ?? entry.formula ?? "") : null,
    problem: problemText(translator, dataCard.problem),
    hint: translator.t(isCurve ? "formula.hint.x" : "formula.hint.plane"),
  };
}

const labelsOf = memoizeLast((/** @type {number | null} */ classes) =>
  classes === null ? signs : Array.from({ length: classes }, (_unused, index) => index),
);

/**
 * @param {PageState} state
 * @returns {{canLay: boolean, isLaying: boolean, labels: readonly number[], label: number}}
 */
export function layingOf(state) {
  const { datasets, spec, dataCard } = state;
  const canLay = chosenEntry(state)?.takes_points === true;
  const labels = labelsOf(classesOf(datasets, spec.dataset));
  const label = labels.includes(dataCard.label) ? dataCard.label : labels[0];
  return { canLay, isLaying: canLay && dataCard.isLaying, labels, label };
}

/** @param {PageState} state */
export function pointToolsData(state) {
  const { translator, datasets, spec, ramp, palette } = state;
  return {
    translator,
    paint: paintOf(ramp, palette, classesOf(datasets, spec.dataset)),
    ...layingOf(state),
    count: spec.dataset.points?.length ?? 0,
    most: chosenEntry(state)?.limits?.points?.[1] ?? Number.POSITIVE_INFINITY,
  };
}
