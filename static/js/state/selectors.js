/** What the views want to know about the page's state. */

import { finalStatuses } from "./run-events.js";
import { networkShape } from "./spec.js";

/**
 * @typedef {import("./run-reducer.js").Run} Run
 * @typedef {import("./spec.js").RunSpec} RunSpec
 */

/** @typedef {{name: string, title: string, problem: string, samples: number}} DatasetEntry */

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
  return `status.${run.status}`;
}

/**
 * @param {readonly DatasetEntry[]} datasets
 * @param {string} name
 * @returns {string} "classification" or "regression"
 */
export function problemOf(datasets, name) {
  return datasets.find((entry) => entry.name === name)?.problem ?? "classification";
}

/**
 * @param {Pick<RunSpec, "features" | "layers">} one
 * @param {Pick<RunSpec, "features" | "layers">} other
 * @returns {boolean} their networks have the same inputs and units
 */
export function haveSameShape(one, other) {
  return one.features.join() === other.features.join() && networkShape(one).join() === networkShape(other).join();
}

/**
 * Everything that cannot change while a run lives, as one text: two specs with the same text can share a run.
 * @param {RunSpec} spec
 * @returns {string}
 */
export function fixedPart(spec) {
  return JSON.stringify({ ...spec, optimizer: { ...spec.optimizer, learning_rate: 0 }, regularization: null });
}

/**
 * What may change while a run lives.
 * @param {RunSpec} spec
 * @returns {{learning_rate: number, l1: number, l2: number}}
 */
export function livePart(spec) {
  return { learning_rate: spec.optimizer.learning_rate, ...spec.regularization };
}
