/** The numbers of a model: from the bytes of a frame to single connections, layer by layer, kernel then bias. */

/**
 * @typedef {object} LayerWeights
 * @property {number} inputs
 * @property {number} units
 * @property {Float32Array} kernel shape [inputs, units], row-major
 * @property {Float32Array} bias length units
 */

/**
 * @param {string} base64 float32, little-endian
 * @returns {Float32Array}
 * @throws {Error} when the bytes are not whole numbers of float32
 */
export function decodeWeights(base64) {
  const characters = atob(base64);
  if (characters.length % 4 !== 0) {
    throw new Error(`Frame of ${characters.length} bytes: expected a multiple of 4 (float32).`);
  }
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = characters.charCodeAt(index);
  return new Float32Array(bytes.buffer);
}

/**
 * @param {readonly number[]} shape inputs, units of each layer, outputs: [2, 4, 2, 1]
 * @returns {number} how many weights, biases included
 */
export function countWeights(shape) {
  return shape.slice(1).reduce((sum, units, layer) => sum + (shape[layer] + 1) * units, 0);
}

/**
 * @param {Float32Array} weights all numbers of the model
 * @param {readonly number[]} shape [2, 4, 2, 1]
 * @returns {LayerWeights[] | null} null when the weights belong to a network of another shape
 */
export function splitWeights(weights, shape) {
  if (weights.length !== countWeights(shape)) return null;
  let offset = 0;
  return shape.slice(1).map((units, layer) => {
    const inputs = shape[layer];
    const kernel = weights.subarray(offset, offset + inputs * units);
    const bias = weights.subarray(offset + inputs * units, offset + (inputs + 1) * units);
    offset += (inputs + 1) * units;
    return { inputs, units, kernel, bias };
  });
}

/**
 * @param {LayerWeights} layer
 * @param {number} row the unit it comes from
 * @param {number} unit the unit it goes to
 * @returns {number}
 */
export function weightAt(layer, row, unit) {
  return layer.kernel[row * layer.units + unit];
}

/**
 * How a weight is drawn: thickness and opacity grow with its size, up to a limit so that nothing drowns the rest.
 * @param {number} weight
 * @returns {{width: number, opacity: number}} width in CSS pixels
 */
export function strokeOf(weight) {
  const size = Math.min(Math.abs(weight), 3) / 3;
  return { width: 0.75 + 3.75 * Math.sqrt(size) * size ** 0.25, opacity: 0.16 + 0.84 * Math.sqrt(size) };
}
