/** What a run is called while nobody has given it a name: by what makes it unlike others. */

import { formatRate } from "../../core/format.js";
import { hiddenLayers, isDrawable } from "../../state/hidden-layers.js";
import { controlsOfRun } from "../page-state.js";

/**
 * @typedef {import("../../i18n/i18n.js").Translator} Translator
 * @typedef {import("../../state/run-reducer.js").Run} Run
 * @typedef {import("../../state/spec.js").RunSpec} RunSpec
 * @typedef {import("../../state/kept-runs.js").Rates} Rates
 */

/** Letters of the pinned runs, by their places. */
export const pinLetters = Object.freeze(["A", "B", "C", "D"]);

/** Between a rate at the beginning and the one at the end. */
export const wayMark = " → ";

/**
 * @param {RunSpec} spec
 * @param {Translator} translator
 * @returns {string} such as "4-2 Tanh"; "" without hidden layers
 */
function shapeName(spec, translator) {
  if (!isDrawable(spec)) return "";
  const hidden = hiddenLayers(spec);
  const [activation, ...others] = new Set(hidden.map((layer) => layer.activation));
  const units = hidden.map(({ units }) => units).join("-");
  if (activation === undefined || others.length) return units;
  return `${units} ${translator.orElse(`activation.${activation}`, activation)}`;
}

/**
 * @param {RunSpec} spec
 * @param {Translator} translator
 * @returns {string} such as "Circle · 4-2 Tanh · 0.03"
 */
export function nameOfSpec(spec, translator) {
  const data = translator.orElse(`dataset.${spec.dataset.name}`, spec.dataset.name);
  const rate = formatRate(spec.optimizer.learning_rate, translator.language);
  return [data, shapeName(spec, translator), rate].filter(Boolean).join(" · ");
}

/**
 * @param {RunSpec} spec
 * @param {{learning_rate: any, l1: any, l2: any}} rates
 * @returns {RunSpec}
 */
function withRates(spec, { learning_rate, l1, l2 }) {
  const optimizer = { ...spec.optimizer, learning_rate };
  return { ...spec, optimizer, regularization: { ...spec.regularization, l1, l2 } };
}

/**
 * @param {Run} run
 * @param {readonly Rates[]} rates it was seen to be trained with
 * @returns {RunSpec} as its newest epoch was trained
 */
function trainedSpec(run, rates) {
  const last = rates.at(-1);
  return last ? withRates(run.spec, last) : (controlsOfRun(run).spec ?? run.spec);
}

/**
 * @param {Run} run
 * @param {readonly Rates[]} rates it was seen to be trained with
 * @returns {RunSpec} a rate that changed on the way is written "0.03 → 0.1": such a run is like none that had one rate
 */
export function comparedSpec(run, rates) {
  if (rates.length < 2) return trainedSpec(run, rates);
  const [first, last] = rates;
  const way = (/** @type {keyof Rates} */ name) =>
    first[name] === last[name] ? last[name] : `${first[name]}${wayMark}${last[name]}`;
  return withRates(run.spec, { learning_rate: way("learning_rate"), l1: way("l1"), l2: way("l2") });
}

/**
 * @param {{name: string, rates: readonly Rates[]}} kept
 * @param {Run | undefined} run undefined while it is not known
 * @param {Translator} translator
 * @returns {string}
 */
export function nameOfRun({ name, rates }, run, translator) {
  if (name) return name;
  return run ? nameOfSpec(trainedSpec(run, rates), translator) : "…";
}
