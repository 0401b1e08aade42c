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
 * @property {boolean} [gradients] told too
 */

/**
 * @typedef {object} StatusData
 * @property {RunStatus} status
 * @property {number | null} [position] place in line while queued, 1 for the next; null while no worker knows the run
 * @property {number} epoch
 * @property {number} step
 * @property {string | null} reason
 * @property {string | null} [reason_code]
 * @property {number} [attempt] how often somebody began to train the run: 1, and one more for each time it was lost
 * @property {Metrics} [metrics]
 * @property {Controls} [controls]
 */

/** @typedef {{epoch: number, step: number, weights: string}} FrameData weights: base64 of float32 */

/**
 * @typedef {object} LayerGradients how one layer learns at one moment
 * @property {string} name
 * @property {number} layer index among the layers with weights, from 0
 * @property {number | null} gradient_norm
 * @property {number | null} update_ratio length of the last update as a share of the weights' length
 * @property {number} dead_units
 * @property {number} units
 * @property {{low: number, high: number, counts: number[]} | null} [histogram] how the gradient of the kernel is spread
 */

/** @typedef {{epoch: number, step: number, layers: LayerGradients[]}} GradientsData told only when asked for */

/**
 * @typedef {object} ProgressData how far a long epoch has come; never told again
 * @property {number} epoch that is being trained
 * @property {"training" | "measuring" | "embedding"} phase embedding: a base looks at the pictures, before the first epoch
 * @property {number} batch done
 * @property {number} batches of the epoch
 * @property {number | null} loss mean of this epoch's batches so far
 * @property {number | null} accuracy of them
 * @property {number | null} remaining_s of this epoch
 */

/**
 * @typedef {{type: "status", data: StatusData}
 *   | {type: "metrics", data: MetricColumns}
 *   | {type: "frame", data: FrameData}
 *   | {type: "gradients", data: GradientsData}
 *   | {type: "progress", data: ProgressData}
 *   | {type: "gap" | "reset" | "bye" | "closed", data: Record<string, unknown>}} RunEvent
 */

/** The events a stream may carry, by name. */
export const runEventTypes = Object.freeze(
  /** @type {const} */ (["status", "metrics", "frame", "gradients", "progress", "gap", "reset", "bye", "closed"]),
);

/** Statuses after which nothing more happens. */
export const finalStatuses = Object.freeze(["finished", "failed", "stopped"]);
