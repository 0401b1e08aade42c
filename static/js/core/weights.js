/** The numbers of a model: from the bytes of a frame to single connections, layer by layer, kernel then bias, then a normalization. */

/**
 * @typedef {object} LayerWeights
 * @property {number} inputs
 * @property {number} units
 * @property {Float32Array} kernel shape [inputs, units], row-major
 * @property {Float32Array} bias length units
 * @property {Float32Array | null} normalization gamma, beta, moving mean, moving variance, each of length units; null for none
 */

/**
 * @typedef {object} WeightPart where the numbers of one dense layer stand, and of the normalization behind it
 * @property {number} inputs
 * @property {number} units
 * @property {boolean} isNormalized
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
 * @param {WeightPart} part
 * @returns {number} how many numbers it has
 */
function sizeOf({ inputs, units, isNormalized }) {
  return (inputs + 1 + (isNormalized ? 4 : 0)) * units;
}

/**
 * @param {readonly WeightPart[]} parts
 * @returns {number} how many weights, biases and normalizations included
 */
export function countWeights(parts) {
  return parts.reduce((sum, part) => sum + sizeOf(part), 0);
}

/**
 * @param {Float32Array} weights all numbers of the model
 * @param {readonly WeightPart[]} parts
 * @returns {LayerWeights[] | null} null when the weights belong to a network of another shape
 */
export function splitWeights(weights, parts) {
  if (weights.length !== countWeights(parts)) return null;
  let offset = 0;
  return parts.map((part) => {
    const { inputs, units, isNormalized } = part;
    const take = (/** @type {number} */ count) => {
      offset += count;
      return weights.subarray(offset - count, offset);
    };
    const kernel = take(inputs * units);
    const bias = take(units);
    const normalization = isNormalized ? take(4 * units) : null;
    return { inputs, units, kernel, bias, normalization };
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
 * @param {readonly LayerWeights[]} layers
 * @param {{layer: number, unit: number, row: number | null, value: number}} edit row: where the weight comes from; null for the bias
 * @returns {LayerWeights[]} with one number changed
 */
export function withNumber(layers, { layer, unit, row, value }) {
  return layers.map((each, index) => {
    if (index !== layer) return each;
    const name = row === null ? "bias" : "kernel";
    const numbers = each[name].slice();
    numbers[row === null ? unit : row * each.units + unit] = value;
    return { ...each, [name]: numbers };
  });
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
