/** Points of many dimensions on a plane, looked at from where they are spread widest (principal components). */

const mostRounds = 200;

/** @param {Float32Array} points @param {number} rows @param {number} columns @returns {Float32Array} each column's mean is 0 */
function centred(points, rows, columns) {
  const means = new Float64Array(columns);
  points.forEach((value, index) => {
    means[index % columns] += value / rows;
  });
  return points.map((value, index) => value - means[index % columns]);
}

/** @param {Float64Array} vector @returns {number} its length, before it became 1 */
function normalize(vector) {
  const length = Math.hypot(...vector);
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
  for (let index = 0; index < points.length; index += 1)
    places[(index / columns) | 0] += points[index] * direction[index % columns];
  return places;
}

/** One round of the power iteration. @param {Float32Array} points @param {Float64Array} direction */
function pulled(points, direction) {
  const columns = direction.length;
  const places = along(points, direction);
  const next = new Float64Array(columns);
  for (let index = 0; index < points.length; index += 1)
    next[index % columns] += points[index] * places[(index / columns) | 0];
  return next;
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
  for (let round = 0; round < mostRounds; round += 1) {
    const next = pulled(points, direction);
    removeShadows(next, others);
    // What is left are the last digits of numbers: there is no further direction.
    if (normalize(next) <= spread * 1e-10) return new Float64Array(columns);
    const change = next.reduce((most, value, index) => Math.max(most, Math.abs(value - direction[index])), 0);
    direction = next;
    if (change < 1e-7) break;
  }
  return direction;
}

/**
 * @param {Float32Array} points shape [rows, columns]
 * @param {number} columns
 * @param {number} dimensions of the answer
 * @returns {{places: Float32Array, shares: number[]}} places: shape [rows, dimensions]; shares: of the whole spread that each dimension shows
 */
export function principalPlaces(points, columns, dimensions = 2) {
  const rows = points.length / columns;
  const around = centred(points, rows, columns);
  const total = around.reduce((sum, value) => sum + value * value, 0);
  /** @type {Float64Array[]} */
  const directions = [];
  for (let dimension = 0; dimension < dimensions; dimension += 1) directions.push(widest(around, columns, directions));
  const sides = directions.map((direction) => along(around, direction));
  const places = Float32Array.from(
    { length: rows * dimensions },
    (_unused, index) => sides[index % dimensions][Math.floor(index / dimensions)],
  );
  const spread = (/** @type {Float64Array} */ side) => side.reduce((sum, value) => sum + value * value, 0);
  return { places, shares: sides.map((side) => (total > 0 ? spread(side) / total : 0)) };
}
