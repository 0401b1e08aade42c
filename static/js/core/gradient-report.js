/** What gradients say about learning: whether each layer moves by a good amount, and whether all layers move alike. */

/**
 * @typedef {{kind: "vanishing", times: number} | {kind: "exploding", norm: number} | {kind: "gone"} | {kind: "fine"}} Finding
 * times: how much faster the last layer learns than the first
 */

/** The first layer learns this much slower than the last, or worse: its gradient vanishes. */
const vanishingShare = 0.01;
/** Gradients this long throw the weights far away. */
const explodingNorm = 1000;
/** Updates as a share of the weights: slower than the first hardly learns, faster than the second forgets what it learned. */
const healthyRatios = Object.freeze([1e-4, 1e-2]);

/** The bars' axis, in powers of ten. */
const normDecades = Object.freeze({ low: -8, high: 4 });

/**
 * @param {number | null} norm length of a gradient
 * @returns {number} place on the logarithmic axis, 0 to 1
 */
export function normPlace(norm) {
  if (norm === null || Number.isNaN(norm)) return 1;
  const { low, high } = normDecades;
  return Math.min(1, Math.max(0, (Math.log10(norm) - low) / (high - low)));
}

/**
 * @param {number | null} ratio length of an update as a share of the weights' length
 * @returns {"still" | "slow" | "healthy" | "fast" | "unknown"}
 */
export function updateVerdict(ratio) {
  if (ratio === null || !Number.isFinite(ratio)) return "unknown";
  if (ratio === 0) return "still";
  if (ratio < healthyRatios[0]) return "slow";
  return ratio > healthyRatios[1] ? "fast" : "healthy";
}

/**
 * A normalization has its own scale: layers that multiply are compared with one another only.
 * @param {readonly {norm: number | null}[]} layers with kernels, the first one first
 * @returns {Finding}
 */
export function findingOf(layers) {
  const norms = layers.map(({ norm }) => norm);
  const largest = Math.max(...norms.map((norm) => norm ?? Infinity));
  if (largest > explodingNorm) return { kind: "exploding", norm: largest };
  const [first, last] = [norms[0] ?? 0, norms[norms.length - 1] ?? 0];
  if (largest === 0) return { kind: "gone" };
  if (norms.length > 1 && first < last * vanishingShare) return { kind: "vanishing", times: last / first };
  return { kind: "fine" };
}

/**
 * @param {number} times
 * @returns {number} with one digit that counts: 9 821 becomes 10 000
 */
export function roughly(times) {
  return Number.isFinite(times) ? Number(times.toPrecision(1)) : times;
}
