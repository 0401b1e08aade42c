/** What the views want to know about the page's state. */

import { kindOf, outputsOf } from "./datasets.js";
import { hiddenLayers, isDrawable } from "./hidden-layers.js";
import { finalStatuses } from "./run-events.js";

/**
 * @typedef {import("./run-reducer.js").Run} Run
 * @typedef {import("./spec.js").RunSpec} RunSpec
 */

/**
 * @param {Run | null} run
 * @returns {boolean}
 */
export function isFinal(run) {
  return run !== null && finalStatuses.includes(run.status);
}

/**
 * @param {Run | null} run
 * @returns {boolean} weights are changing, or about to
 */
export function isTraining(run) {
  return run !== null && run.status === "running";
}

/**
 * @param {Run | null} run
 * @returns {boolean} the Run button offers to pause
 */
export function canPause(run) {
  return run !== null && (run.status === "running" || (run.status === "queued" && run.controls?.paused === false));
}

/** Why a run waits that trained already: it goes on by itself. */
const interruptions = ["worker_lost", "server_restarted"];

/**
 * @param {Run | null} run
 * @returns {string | null} key of the sentence about a run that is not trained as it should be, and will be
 */
export function interruptionKey(run) {
  if (run === null) return null;
  const { status, position, reasonCode } = run;
  if (status === "running" && reasonCode === "not_responding") return "running.not_responding";
  const isInterrupted = status === "queued" && position === null && interruptions.includes(reasonCode ?? "");
  return isInterrupted ? `resumed.${reasonCode}` : null;
}

/**
 * Key of the sentence that says what is going on.
 * @param {{run: Run | null, isCreating: boolean}} state
 * @returns {string}
 */
export function statusKey({ run, isCreating }) {
  if (run === null || isCreating) return "status.loading";
  if (run.status === "failed" || run.status === "stopped") {
    return `reason.${run.reasonCode ?? (run.status === "failed" ? "internal_error" : "stopped_by_user")}`;
  }
  if (run.status === "paused") return run.epoch === 0 ? "status.ready" : "status.paused";
  if (run.status === "finished" && run.reasonCode === "early_stopped") return "reason.early_stopped";
  const key = interruptionKey(run);
  if (key !== null) return key;
  if (run.position !== null) return run.position > 1 ? "status.queued_behind" : "status.queued_next";
  return `status.${run.status}`;
}

/**
 * @param {Run | null} run
 * @returns {number} runs that get a place before this one
 */
export function runsAhead(run) {
  return Math.max((run?.position ?? 0) - 1, 0);
}

/**
 * @param {readonly import("./datasets.js").DatasetEntry[]} datasets those the page can draw
 * @param {RunSpec} spec of a run that was made elsewhere
 * @returns {boolean} the page can show it
 */
export function canBeDrawn(datasets, spec) {
  return datasets.some(({ name }) => name === spec.dataset.name) && isDrawable(spec);
}

/**
 * @param {readonly import("./datasets.js").DatasetEntry[]} datasets
 * @param {RunSpec} one
 * @param {RunSpec} other
 * @returns {boolean} their networks have the same inputs, layers and final units
 */
export function haveSameShape(datasets, one, other) {
  const shape = (/** @type {RunSpec} */ { features, layers, dataset }) => {
    const hidden = hiddenLayers({ layers }).map(({ units, isNormalized }) => [units, isNormalized]);
    return JSON.stringify([features, hidden, outputsOf(datasets, dataset), kindOf(datasets, dataset.name)]);
  };
  return shape(one) === shape(other);
}

/**
 * Everything that cannot change while a run lives, as one text: two specs with the same text can share a run.
 * @param {RunSpec} spec
 * @returns {string}
 */
export function fixedPart(spec) {
  const { optimizer, regularization } = spec;
  const still = {
    optimizer: { ...optimizer, learning_rate: 0 },
    regularization: { ...regularization, l1: 0, l2: 0 },
  };
  return JSON.stringify({ ...spec, ...still });
}

/**
 * What may change while a run lives.
 * @param {RunSpec} spec
 * @returns {{learning_rate: number, l1: number, l2: number}}
 */
export function livePart(spec) {
  const { l1, l2 } = spec.regularization;
  return { learning_rate: spec.optimizer.learning_rate, l1, l2 };
}
