/** What a run tells the page: the payloads of its events, exactly as the server names them. */

/**
 * @typedef {"queued" | "running" | "paused" | "finished" | "failed" | "stopped"} RunStatus
 * @typedef {Record<string, number | null>} Metrics loss, val_loss, accuracy, val_accuracy
 * @typedef {Record<string, (number | null)[]>} MetricColumns epoch, step and the metrics
 */

/**
 * @typedef {object} Controls
 * @property {number} version
 * @property {number} learning_rate
 * @property {number} l1
 * @property {number} l2
 * @property {number | null} speed
 * @property {boolean} paused
 */

/**
 * @typedef {object} StatusData
 * @property {RunStatus} status
 * @property {number} epoch
 * @property {number} step
 * @property {string | null} reason
 * @property {string | null} [reason_code]
 * @property {Metrics} [metrics]
 * @property {Controls} [controls]
 */

/** @typedef {{epoch: number, step: number, weights: string}} FrameData weights: base64 of float32 */

/**
 * @typedef {{type: "status", data: StatusData}
 *   | {type: "metrics", data: MetricColumns}
 *   | {type: "frame", data: FrameData}
 *   | {type: "gap" | "reset" | "bye", data: Record<string, unknown>}} RunEvent
 */

/** The events a stream may carry, by name. */
export const runEventTypes = Object.freeze(
  /** @type {const} */ (["status", "metrics", "frame", "gap", "reset", "bye"]),
);

/** Statuses after which nothing more happens. */
export const finalStatuses = Object.freeze(["finished", "failed", "stopped"]);
