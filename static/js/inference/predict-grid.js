/** Every unit's answer on the square of inputs, in one pass of the model: the only place pictures come from. */

import { gridInputs, unitGrid } from "../core/grid.js";

/** Cells along one side of a unit's small picture. */
export const tileSize = 32;

/**
 * @typedef {object} Focus the unit whose picture is shown large
 * @property {number} layer from 0; the output layer is the last
 * @property {number} unit
 */

/**
 * @typedef {object} Picture
 * @property {number} size cells along one side of the large picture
 * @property {Float32Array} output of the network, length size * size
 * @property {Float32Array} large of the unit in focus, length size * size
 * @property {Focus | null} focus
 * @property {number} tileSize
 * @property {Float32Array[][]} tiles [layer][unit], each tileSize * tileSize
 */

/**
 * @param {any} tf TensorFlow.js
 * @param {any} model a layers model
 * @returns {any} a model with the answers of every layer that has units
 */
export function withAllLayers(tf, model) {
  const layers = model.layers.filter((/** @type {any} */ layer) => layer.getClassName() === "Dense");
  return tf.model({ inputs: model.inputs, outputs: layers.map((/** @type {any} */ layer) => layer.output) });
}

/**
 * @param {any} tf
 * @param {any} model
 * @param {Float32Array} weights all numbers, in the model's own order
 */
export function setWeights(tf, model, weights) {
  tf.tidy(() => {
    let offset = 0;
    const tensors = model.weights.map((/** @type {any} */ weight) => {
      const count = weight.shape.reduce(
        (/** @type {number} */ product, /** @type {number} */ side) => product * side,
        1,
      );
      offset += count;
      return tf.tensor(weights.slice(offset - count, offset), weight.shape);
    });
    model.setWeights(tensors);
  });
}

/**
 * @param {any} tf
 * @param {any} model as withAllLayers gives it
 * @param {Float32Array} inputs row-major
 * @param {number} rows
 * @returns {{units: number, answers: Float32Array}[]} of each layer; answers have the shape [rows, units]
 */
export function predictAllLayers(tf, model, inputs, rows) {
  const asked = tf.tensor2d(inputs, [rows, inputs.length / rows]);
  // Tensors are freed by hand: tf.tidy would search every number of the result for tensors, which took 97 % of the time.
  const answers = [model.predict(asked, { batchSize: rows })].flat();
  const layers = answers.map((answer) => ({ units: answer.shape.at(-1), answers: answer.dataSync() }));
  tf.dispose([asked, ...answers]);
  return layers;
}

/**
 * @param {any} tf
 * @param {any} model as withAllLayers gives it
 * @param {{featureNames: readonly string[], size: number, focus: Focus | null}} wanted
 * @returns {Picture}
 */
export function predictGrid(tf, model, { featureNames, size, focus }) {
  const layers = predictAllLayers(tf, model, gridInputs(featureNames, size), size * size);
  const grid = (/** @type {number} */ layer, /** @type {number} */ unit, /** @type {number} */ coarse) =>
    unitGrid(layers[layer].answers, { size, units: layers[layer].units, unit, coarse });
  const output = grid(layers.length - 1, 0, size);
  const known = focus && focus.unit < (layers[focus.layer]?.units ?? 0) ? focus : null;
  const tiles = layers.map(({ units }, layer) =>
    Array.from({ length: units }, (_unused, unit) => grid(layer, unit, tileSize)),
  );
  return { size, output, large: known ? grid(known.layer, known.unit, size) : output, focus: known, tileSize, tiles };
}
