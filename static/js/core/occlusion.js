/** Where a network looks: a grey patch hides one place after the other, and the answer for what it said falls where it counts. */

/**
 * @typedef {{width: number, height: number, channels: number}} Shape of a picture
 * @typedef {{x: number, y: number}} Place first pixel of the patch
 */

const grey = 128;

/**
 * @param {Shape} shape
 * @returns {number} side of the patch: about a fifth of the picture
 */
export function patchSide({ width, height }) {
  return Math.max(2, Math.round(Math.min(width, height) / 5));
}

/** @param {number} length @param {number} patch @param {number} step @returns {number[]} the last patch ends at the edge */
function stepsAlong(length, patch, step) {
  const last = length - patch;
  const steps = [];
  for (let place = 0; place < last; place += step) steps.push(place);
  return [...steps, last];
}

/**
 * @param {Shape} shape
 * @returns {Place[]} row by row, half a patch apart at most
 */
export function patchPlaces(shape) {
  const patch = patchSide(shape);
  const step = Math.max(1, Math.floor(patch / 3));
  const columns = stepsAlong(shape.width, patch, step);
  return stepsAlong(shape.height, patch, step).flatMap((y) => columns.map((x) => ({ x, y })));
}

/**
 * @param {Uint8Array} picture shape [height, width, channels]
 * @param {Shape} shape
 * @param {readonly Place[]} places
 * @returns {Uint8Array} shape [places, height, width, channels]
 */
export function hiddenPictures(picture, shape, places) {
  const patch = patchSide(shape);
  const pictures = new Uint8Array(picture.length * places.length);
  places.forEach(({ x, y }, index) => {
    const from = index * picture.length;
    pictures.set(picture, from);
    for (let row = y; row < y + patch; row += 1) {
      const start = from + (row * shape.width + x) * shape.channels;
      pictures.fill(grey, start, start + patch * shape.channels);
    }
  });
  return pictures;
}

/**
 * @param {Shape} shape
 * @param {readonly Place[]} places
 * @param {ArrayLike<number>} falls of each place: how much smaller the probability is with the patch there
 * @returns {Float32Array} of each pixel: the mean fall of all patches that hid it, shape [height, width]
 */
export function occlusionMap(shape, places, falls) {
  const patch = patchSide(shape);
  const sums = new Float32Array(shape.width * shape.height);
  const counts = new Float32Array(sums.length);
  places.forEach(({ x, y }, index) => {
    for (let row = y; row < y + patch; row += 1) {
      for (let column = x; column < x + patch; column += 1) {
        sums[row * shape.width + column] += falls[index];
        counts[row * shape.width + column] += 1;
      }
    }
  });
  return sums.map((sum, pixel) => (counts[pixel] ? sum / counts[pixel] : 0));
}
