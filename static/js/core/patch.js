/** What a convolution computes at one place: a patch of its input times its kernel, number by number. */

/**
 * @typedef {object} Convolution of one unit (a filter)
 * @property {number} height of the kernel
 * @property {number} width of the kernel
 * @property {Float32Array} kernel shape [height, width, channels]
 * @property {number} bias
 * @property {number} strideY
 * @property {number} strideX
 * @property {string} padding "valid" or "same"
 */

/** @typedef {{height: number, width: number, channels: number, values: Float32Array}} Volume values: shape [height, width, channels] */

/**
 * @typedef {object} PatchSum
 * @property {number} top row of the input where the patch begins; below 0 in the padding
 * @property {number} left
 * @property {Float32Array} patch shape of the kernel; 0 in the padding
 * @property {Float32Array} products patch times kernel
 * @property {number} sum of all products and the bias, before the activation
 */

/** As TensorFlow pads: what is odd comes behind. @param {number} length @param {number} kernel @param {number} stride */
function paddingBefore(length, kernel, stride) {
  const outputs = Math.ceil(length / stride);
  return Math.floor(Math.max(0, (outputs - 1) * stride + kernel - length) / 2);
}

/**
 * @param {Volume} input
 * @param {Convolution} convolution
 * @param {{x: number, y: number}} place of the output
 * @returns {PatchSum}
 */
export function patchSum(input, convolution, { x, y }) {
  const { height, width, kernel, bias, strideY, strideX, padding } = convolution;
  const isPadded = padding === "same";
  const top = y * strideY - (isPadded ? paddingBefore(input.height, height, strideY) : 0);
  const left = x * strideX - (isPadded ? paddingBefore(input.width, width, strideX) : 0);
  const patch = kernel.map((_weight, index) => {
    const channel = index % input.channels;
    const column = left + (Math.floor(index / input.channels) % width);
    const row = top + Math.floor(index / (input.channels * width));
    const isInside = row >= 0 && column >= 0 && row < input.height && column < input.width;
    return isInside ? input.values[(row * input.width + column) * input.channels + channel] : 0;
  });
  const products = patch.map((value, index) => value * kernel[index]);
  return { top, left, patch, products, sum: products.reduce((sum, value) => sum + value, bias) };
}

/**
 * @param {Float32Array} values shape [..., channels]
 * @param {number} channels
 * @param {number} channel
 * @returns {Float32Array} one channel
 */
export function channelOf(values, channels, channel) {
  return Float32Array.from(
    { length: values.length / channels },
    (_unused, index) => values[index * channels + channel],
  );
}
