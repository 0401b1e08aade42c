/** The inputs a network is asked about, a square of the plane or a line: which places, in which order, and reading values back. */

import { getFeature } from "./features.js";

/** The plot shows -domain to +domain on both axes. */
export const domain = 6;

/**
 * Coordinate of the middle of a cell.
 * @param {number} index 0 to size - 1
 * @param {number} size cells along one side
 * @returns {number} -domain to +domain
 */
export function cellMiddle(index, size) {
  return -domain + ((index + 0.5) * 2 * domain) / size;
}

/**
 * Inputs of the network at every cell, row by row from the top of the picture (largest x2), left to right.
 * @param {readonly string[]} featureNames in the order of the network's inputs
 * @param {number} size cells along one side
 * @returns {Float32Array} shape [size * size, featureNames.length], row-major
 */
export function gridInputs(featureNames, size) {
  const formulas = featureNames.map((name) => getFeature(name).formula);
  const inputs = new Float32Array(size * size * formulas.length);
  let next = 0;
  for (let row = 0; row < size; row += 1) {
    const x2 = -cellMiddle(row, size);
    for (let column = 0; column < size; column += 1) {
      const x1 = cellMiddle(column, size);
      for (const formula of formulas) {
        inputs[next] = formula(x1, x2);
        next += 1;
      }
    }
  }
  return inputs;
}

/**
 * Inputs of a network at rows of samples.
 * @param {readonly string[]} featureNames in the order of the network's inputs
 * @param {readonly (readonly number[])[]} points x1 and x2 of each sample, or x1 alone
 * @returns {Float32Array} shape [points.length, featureNames.length], row-major
 */
export function sampleInputs(featureNames, points) {
  const formulas = featureNames.map((name) => getFeature(name).formula);
  return Float32Array.from(points.flatMap(([x1, x2 = 0]) => formulas.map((formula) => formula(x1, x2))));
}

/**
 * Where data over a line live.
 * @param {object} dataset of a spec
 * @returns {[number, number]}
 */
export function curveDomain(dataset) {
  const { x_min = -2, x_max = 2 } = /** @type {{x_min?: number, x_max?: number}} */ (dataset);
  return [x_min, x_max];
}

/**
 * Inputs of the network along a line, both ends included.
 * @param {readonly string[]} featureNames in the order of the network's inputs
 * @param {number} size places
 * @param {readonly [number, number]} domain
 * @returns {Float32Array} shape [size, featureNames.length], row-major
 */
export function curveInputs(featureNames, size, [low, high]) {
  const points = Array.from({ length: size }, (_unused, index) => [low + ((high - low) * index) / (size - 1)]);
  return sampleInputs(featureNames, points);
}

/**
 * The picture of one feature, scaled to -1 … 1.
 * @param {string} featureName
 * @param {number} size cells along one side
 * @returns {Float32Array} length size * size
 */
export function featureGrid(featureName, size) {
  const { largest } = getFeature(featureName);
  return gridInputs([featureName], size).map((value) => value / largest);
}

/**
 * One unit's column of a layer's answers, picked at a coarser square of cells.
 * @param {ArrayLike<number>} answers shape [size * size, units], row-major
 * @param {{size: number, units: number, unit: number, coarse: number}} pick cells along a side before and after
 * @param {Float32Array} [picked] written; length coarse * coarse
 * @returns {Float32Array} picked
 */
export function unitGrid(answers, { size, units, unit, coarse }, picked = new Float32Array(coarse * coarse)) {
  for (let row = 0; row < coarse; row += 1) {
    const sourceRow = Math.floor(((row + 0.5) * size) / coarse);
    for (let column = 0; column < coarse; column += 1) {
      const sourceColumn = Math.floor(((column + 0.5) * size) / coarse);
      picked[row * coarse + column] = answers[(sourceRow * size + sourceColumn) * units + unit];
    }
  }
  return picked;
}

/**
 * Value of a grid at a place of the plane.
 * @param {ArrayLike<number>} grid length size * size
 * @param {number} size
 * @param {number} x1
 * @param {number} x2
 * @returns {number | null} null outside the domain
 */
export function valueAt(grid, size, x1, x2) {
  const column = Math.floor(((x1 + domain) / (2 * domain)) * size);
  const row = Math.floor(((domain - x2) / (2 * domain)) * size);
  if (column < 0 || row < 0 || column >= size || row >= size) return null;
  return grid[row * size + column];
}
