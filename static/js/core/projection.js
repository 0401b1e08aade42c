/** Points of very many dimensions in a few: their distances stay nearly what they were (sparse random projection; Kane and Nelson, 2014). */

/** So many dimensions are enough for some hundred points. */
export const projectedColumns = 256;

/** More dimensions than this are projected. */
const mostColumns = 512;

/** Each dimension goes to so many of the new ones, with a sign of its own. */
const targets = 4;

/** Numbers that look random and are the same each time (xorshift). @param {number} seed not 0 */
function createNumbers(seed) {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Where each dimension goes, each a part of the new ones of its own. @param {number} columns */
function directionsOf(columns) {
  const next = createNumbers(20_240_607);
  const part = projectedColumns / targets;
  const places = new Uint16Array(columns * targets);
  const signs = new Float32Array(columns * targets);
  for (let index = 0; index < places.length; index += 1) {
    const number = next();
    places[index] = (index % targets) * part + ((number >>> 8) % part);
    signs[index] = (number >>> 31 ? 1 : -1) / Math.sqrt(targets);
  }
  return { places, signs };
}

/**
 * @param {Float32Array} points shape [rows, columns]
 * @param {number} columns
 * @returns {{points: Float32Array, columns: number}} the very points while they have few dimensions
 */
export function projected(points, columns) {
  if (columns <= mostColumns) return { points, columns };
  const { places, signs } = directionsOf(columns);
  const rows = points.length / columns;
  const found = new Float32Array(rows * projectedColumns);
  for (let row = 0; row < rows; row += 1) {
    const [from, to] = [row * columns, row * projectedColumns];
    for (let column = 0; column < columns; column += 1) {
      const value = points[from + column];
      if (value === 0) continue;
      const first = column * targets;
      for (let index = first; index < first + targets; index += 1) found[to + places[index]] += value * signs[index];
    }
  }
  return { points: found, columns: projectedColumns };
}
