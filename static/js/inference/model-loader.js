/** From the files the server wrote to a TensorFlow.js model. */

/**
 * @typedef {object} ModelFiles
 * @property {any} model model.json
 * @property {ArrayBuffer} weights
 * @property {any} probe probe.json
 */

/**
 * @param {any} tf TensorFlow.js
 * @param {ModelFiles} files
 * @returns {Promise<any>} a layers model
 */
export function loadModel(tf, { model, weights }) {
  const weightSpecs = model.weightsManifest.flatMap((/** @type {{weights: unknown[]}} */ group) => group.weights);
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology: model.modelTopology, weightSpecs, weightData: weights }));
}
