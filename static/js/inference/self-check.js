/** Does this browser compute what Keras computed? Nobody should trust a picture before that is known. */

/**
 * @typedef {object} Check
 * @property {boolean} equal within the tolerance
 * @property {number} difference largest absolute difference
 * @property {number} tolerance
 */

/**
 * @param {ArrayLike<number>} predictions of this browser
 * @param {ArrayLike<number | null>} expected predictions of Keras for the same inputs
 * @param {number} tolerance
 * @returns {Check} not equal when a number is missing on either side
 */
export function comparePredictions(predictions, expected, tolerance) {
  if (predictions.length !== expected.length) return { equal: false, difference: Infinity, tolerance };
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) {
    const distance = Math.abs(predictions[index] - Number(expected[index] ?? NaN));
    difference = Number.isFinite(distance) ? Math.max(difference, distance) : Infinity;
  }
  return { equal: difference <= tolerance, difference, tolerance };
}

/**
 * The model and the probe are fetched one after the other; while a run trains they may be of different moments.
 * @param {any} model model.json
 * @param {any} probe probe.json
 * @returns {boolean}
 */
export function belongTogether(model, probe) {
  const ofModel = model?.userDefinedMetadata?.weights_sha256;
  return ofModel !== undefined && ofModel === probe?.weights_sha256;
}
