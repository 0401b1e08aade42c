/** One network of pictures in TensorFlow.js: its answers, the answers of all its layers, its kernels. */

import { setWeights, variablesInOrder } from "./predict-grid.js";

/**
 * @typedef {object} LayerInfo a layer whose answers can be looked at
 * @property {number} layer index among all that can be looked at
 * @property {string} name
 * @property {string} kind class of the layer, such as "Conv2D"
 * @property {string} activation "linear" for none
 * @property {number[]} shape of its answer, [height, width, channels] or [units]
 * @property {number} weights how many numbers it has
 * @property {{height: number, width: number, strideY: number, strideX: number, padding: string} | null} kernel of a convolution
 *   that is given the answers of the layer before it in the list
 */

/**
 * @typedef {object} NetworkInfo
 * @property {number[]} shape of a picture: height, width, channels
 * @property {number} outputs
 * @property {LayerInfo[]} layers some of a very deep network; none of one that cannot be looked into
 */

/** @typedef {{kernel: Float32Array, bias: number}} UnitKernel kernel: shape [height, width, channels] */

/** Layers that only hand on what they get once the training is over. */
const passing = Object.freeze(["InputLayer", "Dropout", "SpatialDropout2D", "GaussianNoise", "Flatten", "Reshape"]);

const convolutions = Object.freeze(["Conv2D", "DepthwiseConv2D", "SeparableConv2D"]);

/** A deeper network is shown by some of its layers: a hundred rows of maps would be read by nobody, and slow. */
const deep = Object.freeze({ layers: 40, convolutions: 24 });

/** @param {readonly any[]} list @param {number} count at least 2 @returns {any[]} so many, evenly spread, with the first and the last */
function someOf(list, count) {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_unused, place) => list[Math.round((place * (list.length - 1)) / (count - 1))]);
}

/** @param {readonly any[]} layers of a model @returns {any[]} those that can be looked at */
function layersToSee(layers) {
  const telling = layers.filter((layer) => !passing.includes(layer.getClassName()));
  if (telling.length <= deep.layers) return telling;
  const isConvolution = (/** @type {any} */ layer) => convolutions.includes(layer.getClassName());
  const seen = new Set(someOf(telling.filter(isConvolution), deep.convolutions));
  // What comes before the first convolution shows what it is given; what has no maps any more is the head.
  const first = telling.findIndex(isConvolution);
  return telling.filter((layer, index) => index < first || seen.has(layer) || layer.output.shape.length < 4);
}

/** @param {any} layer @returns {any} the layer whose answers it is given; those that only hand on are none; null for the picture */
function giverOf(layer) {
  let giver = layer.inboundNodes[0]?.inboundLayers[0] ?? null;
  while (giver && passing.includes(giver.getClassName())) giver = giver.inboundNodes[0]?.inboundLayers[0] ?? null;
  return giver;
}

/** @param {any} layer @param {any} before the one listed before it @returns {LayerInfo["kernel"]} */
function kernelOf(layer, before) {
  // Where it is given the answers of a layer that is not listed, its sums could not be told.
  if (layer.getClassName() !== "Conv2D" || giverOf(layer) !== before) return null;
  const { kernelSize, strides, padding } = layer;
  return { height: kernelSize[0], width: kernelSize[1], strideY: strides[0], strideX: strides[1], padding };
}

/** @param {any} layer @param {number} index @param {readonly any[]} all @returns {LayerInfo} */
function infoOf(layer, index, all) {
  return {
    layer: index,
    name: layer.name,
    kind: layer.getClassName(),
    activation: layer.getConfig().activation ?? "linear",
    shape: layer.output.shape.slice(1),
    weights: layer.countParams(),
    kernel: kernelOf(layer, all[index - 1] ?? null),
  };
}

/** @param {Uint8Array} pictures @returns {Float32Array} as the network was given them while it learned */
const inputsOf = (pictures) => Float32Array.from(pictures, (value) => value / 255);

/** Holds one model; `dispose` frees it. */
export class ImageNetwork {
  /** @type {any[]} */
  #variables;
  /** @type {any} */
  #all = null;
  /** @type {any} */
  #hidden = null;
  /** @type {Map<number, {values: Float32Array, biases: Float32Array | null, shape: number[]}>} kernels of these weights */
  #kernels = new Map();

  /**
   * @param {any} tf
   * @param {any} model
   * @param {any} description its model.json
   */
  constructor(tf, model, description) {
    this.tf = tf;
    this.model = model;
    const isOfLayers = description.format !== "graph-model";
    const shape = (model.inputs[0].shape ?? []).slice(1);
    /** Height, width, channels. @type {number[]} */
    this.shape = shape;
    this.layers = isOfLayers ? layersToSee(model.layers) : [];
    this.#variables = isOfLayers ? variablesInOrder(model, description.weightsManifest) : [];
  }

  /** @returns {NetworkInfo} */
  info() {
    return { shape: this.shape, outputs: this.model.outputs[0].shape.at(-1), layers: this.layers.map(infoOf) };
  }

  /** @param {Float32Array} weights all numbers, in the order of model.json */
  setWeights(weights) {
    setWeights(this.tf, this.#variables, weights);
    this.#kernels.clear();
  }

  /** @param {any} model @param {Uint8Array} pictures @returns {{shape: number[], values: Float32Array}[]} an answer of each output */
  #ask(model, pictures) {
    const rows = pictures.length / this.shape.reduce((product, side) => product * side, 1);
    const asked = this.tf.tensor(inputsOf(pictures), [rows, ...this.shape]);
    /** @type {any[]} */
    let answers = [];
    try {
      answers = [model.predict(asked, { batchSize: rows })].flat();
      return answers.map((answer) => ({ shape: answer.shape.slice(1), values: answer.dataSync() }));
    } finally {
      this.tf.dispose([asked, ...answers]);
    }
  }

  /** @param {Uint8Array} pictures shape [rows, height, width, channels] @returns {Float32Array} shape [rows, outputs] */
  predict(pictures) {
    return this.#ask(this.model, pictures)[0].values;
  }

  /** @param {Uint8Array} picture one @returns {Float32Array[]} the answers of each layer that can be looked at */
  look(picture) {
    if (this.layers.length === 0) return [];
    const outputs = this.layers.map((/** @type {any} */ layer) => layer.output);
    this.#all ??= this.tf.model({ inputs: this.model.inputs, outputs });
    return this.#ask(this.#all, picture).map(({ values }) => values);
  }

  /** What the last layer is given: how the network itself describes a picture. @param {Uint8Array} pictures @returns {{columns: number, values: Float32Array} | null} */
  describe(pictures) {
    if (this.layers.length === 0) return null;
    const outputs = this.model.layers.at(-1).input;
    this.#hidden ??= this.tf.model({ inputs: this.model.inputs, outputs });
    const [{ shape, values }] = this.#ask(this.#hidden, pictures);
    return { columns: shape.reduce((product, side) => product * side, 1), values };
  }

  /** @param {number} layer a convolution */
  #kernelsOf(layer) {
    const [kernel, bias] = this.layers[layer].getWeights();
    return { values: kernel.dataSync(), biases: bias ? bias.dataSync() : null, shape: kernel.shape };
  }

  /** @param {number} layer a convolution @param {number} unit @returns {UnitKernel} */
  kernel(layer, unit) {
    const known = this.#kernels.get(layer) ?? this.#kernelsOf(layer);
    this.#kernels.set(layer, known);
    const units = known.shape.at(-1) ?? 1;
    const kernel = new Float32Array(known.values.length / units);
    for (let index = 0; index < kernel.length; index += 1) kernel[index] = known.values[index * units + unit];
    return { kernel, bias: known.biases?.[unit] ?? 0 };
  }

  dispose() {
    this.model.dispose();
  }
}
