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
 * @returns {Promise<any>} a layers model or a graph model, as model.json says
 */
export function loadModel(tf, { model, weights }) {
  const { modelTopology, format, signature, userDefinedMetadata } = model;
  const weightSpecs = model.weightsManifest.flatMap((/** @type {{weights: unknown[]}} */ group) => group.weights);
  const artifacts = { modelTopology, weightSpecs, weightData: weights, format, signature, userDefinedMetadata };
  const source = tf.io.fromMemory(artifacts);
  return format === "graph-model" ? tf.loadGraphModel(source) : tf.loadLayersModel(source);
}
