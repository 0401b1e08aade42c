/** Does this browser compute what Keras computed? Nobody should trust a picture before that is known. */

/**
 * @typedef {object} Check
 * @property {boolean} equal within the tolerance
 * @property {number} difference largest |ours - expected| / max(1, |expected|) of all numbers
 * @property {number} tolerance
 */

/**
 * @param {ArrayLike<number>} predictions of this browser
 * @param {ArrayLike<number | null>} expected predictions of Keras for the same inputs
 * @returns {number} Infinity when a number is missing on either side
 */
function largestDifference(predictions, expected) {
  if (predictions.length !== expected.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < expected.length; index += 1) {
    const wanted = Number(expected[index] ?? NaN);
    const difference = Math.abs(predictions[index] - wanted) / Math.max(1, Math.abs(wanted));
    largest = Number.isFinite(difference) ? Math.max(largest, difference) : Infinity;
  }
  return largest;
}

/**
 * @param {readonly ArrayLike<number>[]} predictions of this browser, an array for each output
 * @param {readonly ArrayLike<number | null>[]} expected predictions of Keras for the same inputs
 * @param {number} tolerance
 * @returns {Check} not equal when an output or a number is missing on either side
 */
export function comparePredictions(predictions, expected, tolerance) {
  const isComplete = predictions.length === expected.length && expected.length > 0;
  const differences = predictions.map((numbers, output) => largestDifference(numbers, expected[output] ?? []));
  const difference = isComplete ? Math.max(...differences) : Infinity;
  return { equal: difference <= tolerance, difference, tolerance };
}

/**
 * Asks a model about the inputs of its probe.
 * @param {any} tf TensorFlow.js
 * @param {any} model a layers model or a graph model
 * @param {any} description its model.json, which says what kind of model it is and how it is run
 * @param {any} probe probe.json
 * @returns {Promise<Check>}
 */
export async function checkModel(tf, model, description, probe) {
  const isAsync = description.userDefinedMetadata?.execution === "executeAsync";
  const inputs = probe.inputs.map((/** @type {any} */ { data, shape, dtype }) => tf.tensor(data, shape, dtype));
  const asked = inputs.length === 1 ? inputs[0] : inputs;
  // All rows at once: a layers model would cut them into batches, and some models have batches of one size only.
  const options = { batchSize: probe.inputs[0]?.shape[0] };
  const expected = probe.outputs.map((/** @type {any} */ output) => output.data);
  /** @type {any[]} */
  let outputs = [];
  try {
    outputs = [isAsync ? await model.executeAsync(inputs) : model.predict(asked, options)].flat();
    const predictions = await Promise.all(outputs.map((output) => output.data()));
    return comparePredictions(predictions, expected, probe.tolerance);
  } finally {
    tf.dispose([inputs, outputs]);
  }
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
