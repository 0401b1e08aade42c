/** Points of many dimensions on a plane, looked at from where they are spread widest (principal components). */

import { projected } from "./projection.js";

/** Many dimensions take long, and their directions are found well enough early. */
const roundsFor = (/** @type {number} */ columns) => (columns > 128 ? 30 : 200);

/** @param {Float32Array} points @param {number} rows @param {number} columns @returns {Float32Array} each column's mean is 0 */
function centred(points, rows, columns) {
  const means = new Float64Array(columns);
  const around = new Float32Array(points.length);
  for (let first = 0; first < points.length; first += columns)
    for (let column = 0; column < columns; column += 1) means[column] += points[first + column] / rows;
  for (let first = 0; first < points.length; first += columns)
    for (let column = 0; column < columns; column += 1) around[first + column] = points[first + column] - means[column];
  return around;
}

/** @param {Float64Array} vector @returns {number} its length, before it became 1 */
function normalize(vector) {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length > 0)
    vector.forEach((value, index) => {
      vector[index] = value / length;
    });
  return length;
}

/** @param {Float64Array} vector @param {readonly Float64Array[]} others from which it shall differ wholly */
function removeShadows(vector, others) {
  for (const other of others) {
    const shadow = vector.reduce((sum, value, index) => sum + value * other[index], 0);
    for (let index = 0; index < vector.length; index += 1) vector[index] -= shadow * other[index];
  }
}

/** @param {Float32Array} points @param {Float64Array} direction @returns {Float64Array} of each row: how far along the direction */
function along(points, direction) {
  const columns = direction.length;
  const places = new Float64Array(points.length / columns);
  for (let row = 0; row < places.length; row += 1) {
    let sum = 0;
    for (let column = 0; column < columns; column += 1) sum += points[row * columns + column] * direction[column];
    places[row] = sum;
  }
  return places;
}

/** The rows together, each as often as its place says. @param {Float32Array} points @param {Float64Array} places of each row */
function summed(points, places) {
  const columns = points.length / places.length;
  const sum = new Float64Array(columns);
  for (let row = 0; row < places.length; row += 1)
    for (let column = 0; column < columns; column += 1) sum[column] += points[row * columns + column] * places[row];
  return sum;
}

/** @param {Float32Array} points centred @param {number} columns @param {readonly Float64Array[]} others */
function widest(points, columns, others) {
  const spread = points.reduce((sum, value) => sum + value * value, 0);
  // Begins with a row of the points: never at a right angle to all of them, and the same each time.
  const start = points.findIndex((value) => value !== 0);
  const row = start < 0 ? 0 : Math.floor(start / columns);
  let direction = Float64Array.from(
    { length: columns },
    (_unused, index) => points[row * columns + index] + 1e-3 / (index + 1),
  );
  removeShadows(direction, others);
  normalize(direction);
  for (let round = 0; round < roundsFor(columns); round += 1) {
    const next = summed(points, along(points, direction));
    removeShadows(next, others);
    // What is left are the last digits of numbers: there is no further direction.
    if (normalize(next) <= spread * 1e-10) return new Float64Array(columns);
    const change = next.reduce((most, value, index) => Math.max(most, Math.abs(value - direction[index])), 0);
    direction = next;
    if (change < 1e-7) break;
  }
  return direction;
}

/** @param {Float32Array} points @param {number} columns @returns {number} squared distances of all rows from their mean */
function spreadOf(points, columns) {
  const rows = points.length / columns;
  const middle = summed(points, new Float64Array(rows).fill(1 / rows));
  const squares = points.reduce((sum, value) => sum + value * value, 0);
  return Math.max(0, squares - rows * middle.reduce((sum, value) => sum + value * value, 0));
}

/** @param {Float64Array} places @returns {Float64Array} around 0 */
function level(places) {
  const mean = places.reduce((sum, value) => sum + value, 0) / places.length;
  return places.map((value) => value - mean);
}

/**
 * What a projection shows as the widest directions, found again among all dimensions: so nothing is said of a spread that
 * only the projection has.
 * @param {Float32Array} points shape [rows, columns], not centred
 * @param {readonly Float64Array[]} sides of each direction the rows' places, around 0
 */
function foundAgain(points, sides) {
  /** @type {Float64Array[]} */
  const directions = [];
  for (const side of sides) {
    const direction = summed(points, side);
    removeShadows(direction, directions);
    normalize(direction);
    directions.push(direction);
  }
  return directions.map((direction) => level(along(points, direction)));
}

/**
 * @param {Float32Array} points shape [rows, columns]
 * @param {number} columns
 * @param {number} dimensions of the answer
 * @returns {{places: Float32Array, shares: number[]}} places: shape [rows, dimensions]; shares: of the whole spread that each dimension shows
 */
export function principalPlaces(points, columns, dimensions = 2) {
  const rows = points.length / columns;
  const few = projected(points, columns);
  const around = centred(few.points, rows, few.columns);
  /** @type {Float64Array[]} */
  const directions = [];
  for (let dimension = 0; dimension < dimensions; dimension += 1)
    directions.push(widest(around, few.columns, directions));
  const near = directions.map((direction) => along(around, direction));
  const sides = few.columns === columns ? near : foundAgain(points, near);
  const places = Float32Array.from(
    { length: rows * dimensions },
    (_unused, index) => sides[index % dimensions][Math.floor(index / dimensions)],
  );
  const total = spreadOf(points, columns);
  const spread = (/** @type {Float64Array} */ side) => side.reduce((sum, value) => sum + value * value, 0);
  return { places, shares: sides.map((side) => (total > 0 ? Math.min(1, spread(side) / total) : 0)) };
}
