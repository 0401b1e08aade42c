/** A run as the page knows it, and what each event makes of it. */

import { appendColumns, thinColumns } from "../core/thinning.js";

/**
 * @typedef {import("./run-events.js").RunEvent} RunEvent
 * @typedef {import("./run-events.js").StatusData} StatusData
 * @typedef {import("./run-events.js").MetricColumns} MetricColumns
 */

/**
 * @typedef {object} Run
 * @property {string} runId
 * @property {import("./spec.js").RunSpec} spec it was started with
 * @property {import("./run-events.js").RunStatus} status
 * @property {number | null} position place in line, 1 for the next; null when it does not wait or no worker knows it yet
 * @property {number} epoch
 * @property {number} step
 * @property {string | null} reason
 * @property {string | null} reasonCode
 * @property {import("./run-events.js").Metrics} metrics newest
 * @property {MetricColumns} history thinned
 * @property {import("./run-events.js").Controls | null} controls
 * @property {import("./run-events.js").FrameData | null} frame newest
 * @property {import("./run-events.js").GradientsData | null} gradients newest; none until they are asked for
 * @property {import("./run-events.js").ProgressData | null} progress within the epoch that is being trained, when it takes long
 * @property {MetricColumns} batches what was told within epochs: epoch (a fraction of one, too), loss, accuracy; thinned
 * @property {number | null} weightsCount
 */

/** Rows kept for the curve: more than a screen has pixels. */
export const historyLimit = 2000;

/**
 * @typedef {StatusData & {run_id: string, spec: import("./spec.js").RunSpec, weights_count?: number}} RunAnswer
 */

/**
 * @param {RunAnswer} answer of the server
 * @param {MetricColumns} history its columns; a cursor beside them is ignored
 * @returns {Run}
 */
export function openRun(answer, history) {
  const lists = Object.entries(history).filter(([, column]) => Array.isArray(column));
  const columns = lists.length ? Object.fromEntries(lists) : { epoch: [] };
  const run = {
    runId: answer.run_id,
    spec: answer.spec,
    history: thinColumns(columns, historyLimit),
    frame: null,
    gradients: null,
    progress: null,
    batches: { epoch: [], loss: [], accuracy: [] },
    weightsCount: answer.weights_count ?? null,
    controls: null,
    metrics: {},
  };
  return withStatus(/** @type {any} */ (run), answer);
}

/**
 * @param {Run} run
 * @param {StatusData} data
 * @returns {Run}
 */
function withStatus(run, data) {
  const known = data.metrics && Object.keys(data.metrics).length ? data.metrics : run.metrics;
  return {
    ...run,
    status: data.status,
    position: data.status === "queued" ? (data.position ?? null) : null,
    epoch: data.epoch ?? 0,
    step: data.step ?? 0,
    reason: data.reason ?? null,
    reasonCode: data.reason_code ?? null,
    metrics: known,
    controls: data.controls ?? run.controls,
    progress: data.status === "running" ? run.progress : null,
  };
}

/**
 * @param {Run} run
 * @param {MetricColumns} columns
 * @returns {Run}
 */
function withMetrics(run, columns) {
  const last = columns.epoch.length - 1;
  const epoch = columns.epoch[last];
  if (last < 0 || epoch === null || epoch < run.epoch) return withHistory(run, columns);
  const { epoch: _epoch, step, ...measured } = columns;
  const metrics = Object.fromEntries(Object.entries(measured).map(([name, column]) => [name, column[last]]));
  const progress = (run.progress?.epoch ?? 0) > epoch ? run.progress : null;
  return { ...withHistory(run, columns), epoch, step: step?.[last] ?? run.step, metrics, progress };
}

/**
 * @param {Run} run
 * @param {import("./run-events.js").ProgressData} progress
 * @returns {Run}
 */
function withProgress(run, progress) {
  if (progress.epoch <= run.epoch) return run;
  const { epoch, phase, batch, batches, loss, accuracy } = progress;
  if (phase !== "training" || batch === 0) return { ...run, progress };
  const row = { epoch: [epoch - 1 + batch / batches], loss: [loss], accuracy: [accuracy] };
  return { ...run, progress, batches: thinColumns(appendColumns(run.batches, row), historyLimit) };
}

/**
 * @param {Run} run
 * @param {MetricColumns} columns
 * @returns {Run}
 */
function withHistory(run, columns) {
  return { ...run, history: thinColumns(appendColumns(run.history, columns), historyLimit) };
}

/**
 * @param {Run} run
 * @param {RunEvent} runEvent
 * @returns {Run} the same run when the event changes nothing in it
 */
export function reduceRun(run, runEvent) {
  switch (runEvent.type) {
    case "status":
      return withStatus(run, runEvent.data);
    case "metrics":
      return withMetrics(run, runEvent.data);
    case "frame":
      return { ...run, frame: runEvent.data };
    case "gradients":
      return { ...run, gradients: runEvent.data };
    case "progress":
      return withProgress(run, runEvent.data);
    default:
      return run;
  }
}
