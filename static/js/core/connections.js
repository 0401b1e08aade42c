/** The lines between the units: which there are, where one runs, and which one is meant by a place near it. */

/**
 * @typedef {import("./network-layout.js").Place} Place
 * @typedef {{layer: number, row: number, unit: number}} ConnectionKey layer it goes to, row it comes from, unit it goes to
 * @typedef {ConnectionKey & {from: Place, to: Place}} Line
 */

/**
 * @param {readonly (readonly Place[])[]} columns places of the chosen inputs, of each hidden layer, of the final units
 * @returns {Line[]} layer by layer, unit by unit
 */
export function linesBetween(columns) {
  return columns
    .slice(1)
    .flatMap((places, layer) =>
      places.flatMap((to, unit) => columns[layer].map((from, row) => ({ layer, row, unit, from, to }))),
    );
}

const halvings = 24;

/**
 * How far along its curve a line is at a share of its way to the right. A line is a cubic curve whose control points stand
 * in the middle between its ends, so its x is 1.5t - 1.5t² + t³.
 * @param {number} share 0 to 1
 * @returns {number} 0 to 1
 */
function progressAt(share) {
  let low = 0;
  let high = 1;
  for (let step = 0; step < halvings; step += 1) {
    const t = (low + high) / 2;
    if (1.5 * t - 1.5 * t * t + t * t * t < share) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/**
 * @param {Pick<Line, "from" | "to">} line
 * @param {number} tile side of a tile
 * @param {number} x
 * @returns {{y: number, slope: number} | null} null beside the line
 */
export function lineAt({ from, to }, tile, x) {
  const start = from.x + tile / 2;
  const length = to.x - tile / 2 - start;
  const share = (x - start) / length;
  if (!(share >= 0 && share <= 1)) return null;
  const t = progressAt(share);
  const rise = to.y - from.y;
  const rate = (1.5 - 3 * t + 3 * t * t) * length;
  return { y: from.y + rise * (3 * t * t - 2 * t ** 3), slope: (rise * 6 * t * (1 - t)) / rate };
}

/**
 * The line that is meant by a place: the nearest one, if any is near enough.
 * @template {Line} Kind
 * @param {readonly Kind[]} lines
 * @param {Place} place
 * @param {{tile: number, reach: number}} how reach: the largest distance, in pixels
 * @returns {Kind | null}
 */
export function nearestLine(lines, { x, y }, { tile, reach }) {
  /** @type {Kind | null} */
  let nearest = null;
  let best = reach;
  for (const line of lines) {
    if (y < Math.min(line.from.y, line.to.y) - reach || y > Math.max(line.from.y, line.to.y) + reach) continue;
    const at = lineAt(line, tile, x);
    if (!at) continue;
    const distance = Math.abs(at.y - y) / Math.hypot(1, at.slope);
    if (distance >= best) continue;
    best = distance;
    nearest = line;
  }
  return nearest;
}
