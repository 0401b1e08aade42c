/** Every unit's answer over all inputs, in one pass of the model: the only place pictures come from. */

import { curveInputs, gridInputs, unitGrid } from "../core/grid.js";
import { memoizeLast } from "../core/memoize.js";

/** Cells along one side of a unit's small picture. */
export const tileSize = 32;

/** Places along a curve: it has one row only, and stays smooth on a large screen. */
export const curveSize = 241;

/**
 * @typedef {object} Focus the unit whose picture is shown large
 * @property {number} layer from 0; the output layer is the last
 * @property {number} unit
 */

/**
 * @typedef {object} Plot over which inputs a network is drawn
 * @property {"plane" | "curve"} kind
 * @property {readonly string[]} featureNames in the order of the network's inputs
 * @property {readonly [number, number]} domain of a curve
 * @property {boolean} isProbability the one output is a probability: it is stretched to -1 … 1
 */

/**
 * @typedef {object} Picture numbers of all grids stand in one buffer
 * @property {"plane" | "curve"} kind
 * @property {number} size cells along one side of the large picture, places of a curve
 * @property {Float32Array[]} outputs answer of each output unit, length size * size; size for a curve
 * @property {Float32Array[]} large the outputs, or the one hidden unit in focus
 * @property {Focus | null} focus
 * @property {number} tileSize
 * @property {Float32Array[][]} tiles [layer][unit], each tileSize * tileSize; size for a curve
 */

/** @typedef {{units: number, answers: Float32Array}} LayerAnswers answers have the shape [rows, units] */

/**
 * A unit's answer is what it hands to the next layer: where a normalization follows, that is the normalized number. A
 * dropout changes nothing outside training.
 * @param {any} tf TensorFlow.js
 * @param {any} model a layers model
 * @returns {any} a model with the answers of every layer that has units
 */
export function withAllLayers(tf, model) {
  /** @type {any[]} */
  const outputs = [];
  for (const layer of model.layers) {
    const kind = layer.getClassName();
    if (kind === "Dense") outputs.push(layer.output);
    if (kind === "BatchNormalization" && outputs.length > 0) outputs[outputs.length - 1] = layer.output;
  }
  return tf.model({ inputs: model.inputs, outputs });
}

/**
 * A model's own list begins with what is trained; frames follow the list of its file.
 * @param {any} model a layers model
 * @param {readonly {weights: readonly {name: string}[]}[]} weightsManifest of its model.json
 * @returns {any[]} the model's variables in the order of a frame
 */
export function variablesInOrder(model, weightsManifest) {
  const byName = new Map(model.weights.map((/** @type {any} */ weight) => [weight.originalName, weight]));
  return weightsManifest
    .flatMap(({ weights }) => weights)
    .map(({ name }) => {
      const variable = byName.get(name);
      if (!variable) throw new Error(`The model has no weight "${name}", which its list of weights names.`);
      return variable;
    });
}

/**
 * @param {any} tf
 * @param {readonly any[]} variables in the order of the weights
 * @param {Float32Array} weights all numbers
 */
export function setWeights(tf, variables, weights) {
  let offset = 0;
  for (const variable of variables) {
    const count = variable.shape.reduce(
      (/** @type {number} */ product, /** @type {number} */ side) => product * side,
      1,
    );
    const tensor = tf.tensor(weights.slice(offset, offset + count), variable.shape);
    variable.write(tensor);
    tensor.dispose();
    offset += count;
  }
}

/**
 * @param {any} tf
 * @param {any} model as withAllLayers gives it
 * @param {Float32Array} inputs row-major
 * @param {number} rows
 * @returns {LayerAnswers[]} of each layer
 */
function predictAllLayers(tf, model, inputs, rows) {
  const asked = tf.tensor2d(inputs, [rows, inputs.length / rows]);
  // Tensors are freed by hand: tf.tidy would search every number of the result for tensors, which took 97 % of the time.
  const answers = [model.predict(asked, { batchSize: rows })].flat();
  const layers = answers.map((answer) => ({ units: answer.shape.at(-1), answers: answer.dataSync() }));
  tf.dispose([asked, ...answers]);
  return layers;
}

/** The same places are asked again and again. */
const inputsOf = memoizeLast((/** @type {Plot} */ { kind, featureNames, domain }, /** @type {number} */ size) =>
  kind === "curve" ? curveInputs(featureNames, size, domain) : gridInputs(featureNames, size),
);

/** @param {LayerAnswers[]} layers @param {Focus | null} focus @returns {Focus | null} null when there is no such unit */
function knownFocus(layers, focus) {
  return focus && focus.unit < (layers[focus.layer]?.units ?? 0) ? focus : null;
}

/**
 * Cuts grids out of one buffer, which is handed over to the page in one piece.
 * @param {LayerAnswers[]} layers
 * @param {{kind: string, size: number, length: number}} wanted length of all grids together
 */
function createCutter(layers, { kind, size, length }) {
  const all = new Float32Array(length);
  let offset = 0;
  return (/** @type {number} */ layer, /** @type {number} */ unit, /** @type {number} */ coarse) => {
    const { units, answers } = layers[layer];
    const grid = all.subarray(offset, offset + (kind === "curve" ? size : coarse * coarse));
    offset += grid.length;
    if (kind === "plane") return unitGrid(answers, { size, units, unit, coarse }, grid);
    for (let index = 0; index < size; index += 1) grid[index] = answers[index * units + unit];
    return grid;
  };
}

/** @param {Float32Array} answers probabilities, which become -1 … 1 */
function stretch(answers) {
  for (let index = 0; index < answers.length; index += 1) answers[index] = answers[index] * 2 - 1;
}

/**
 * @param {any} tf
 * @param {any} model as withAllLayers gives it
 * @param {Plot} plot
 * @param {{size: number, focus: Focus | null}} wanted size of a picture of the plane
 * @returns {Picture}
 */
export function predictGrid(tf, model, plot, wanted) {
  const { kind } = plot;
  const size = kind === "curve" ? curveSize : wanted.size;
  const rows = kind === "curve" ? size : size * size;
  const layers = predictAllLayers(tf, model, inputsOf(plot, size), rows);
  const last = layers.length - 1;
  if (plot.isProbability && layers[last].units === 1) stretch(layers[last].answers);
  const focus = knownFocus(layers, wanted.focus);
  const allUnits = layers.reduce((sum, { units }) => sum + units, 0);
  const small = kind === "curve" ? size : tileSize * tileSize;
  const cut = createCutter(layers, { kind, size, length: rows * (layers[last].units + 1) + small * allUnits });
  const unitsOf = (/** @type {number} */ layer, /** @type {number} */ coarse) =>
    Array.from({ length: layers[layer].units }, (_unused, unit) => cut(layer, unit, coarse));
  const outputs = unitsOf(last, size);
  const large = focus && focus.layer < last ? [cut(focus.layer, focus.unit, size)] : outputs;
  const tiles = layers.map((_layer, layer) => unitsOf(layer, tileSize));
  return { kind, size, outputs, large, focus, tileSize, tiles };
}

/**
 * @param {any} tf
 * @param {any} model the model itself
 * @param {Float32Array} inputs row-major
 * @param {number} features of a row
 * @returns {{outputs: number, answers: Float32Array}} answers of each row as the network gives them
 */
export function predictRows(tf, model, inputs, features) {
  const rows = inputs.length / features;
  if (rows === 0) return { outputs: 1, answers: new Float32Array(0) };
  const [{ units, answers }] = predictAllLayers(tf, model, inputs, rows);
  return { outputs: units, answers };
}
