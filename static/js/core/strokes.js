/** Lines of a round pen as numbers: how much of each cell the pen has covered. */

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {readonly Point[]} Stroke where the pen went, one point for a dot
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

/**
 * @param {readonly Stroke[]} strokes
 * @returns {Box | null} around all points; null without any
 */
export function boxOf(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of strokes.flat()) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return left === Infinity ? null : { left, top, width: right - left, height: bottom - top };
}

/**
 * @param {readonly Stroke[]} strokes
 * @param {(point: Point) => Point} move
 * @returns {Stroke[]}
 */
export function movedStrokes(strokes, move) {
  return strokes.map((stroke) => stroke.map(move));
}

/** @param {Point} from @param {Point} to @param {number} x @param {number} y @returns {number} distance to the segment */
function distanceTo(from, to, x, y) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(from.x + share * dx - x, from.y + share * dy - y);
}

/**
 * @typedef {object} Sheet
 * @property {number} width cells
 * @property {number} height cells
 * @property {Float32Array} cells 0 to 1, row by row
 */

/** Only the cells near the segment are looked at. @param {Sheet} sheet @param {Point} from @param {Point} to @param {number} radius */
function drawSegment({ width, height, cells }, from, to, radius) {
  const reach = radius + 1;
  const [left, right] = [Math.max(0, Math.floor(Math.min(from.x, to.x) - reach)), Math.max(from.x, to.x) + reach];
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(from.y, to.y) - reach)), Math.max(from.y, to.y) + reach];
  for (let y = top; y < Math.min(height, bottom); y += 1) {
    for (let x = left; x < Math.min(width, right); x += 1) {
      const covered = radius + 0.5 - distanceTo(from, to, x + 0.5, y + 0.5);
      const cell = y * width + x;
      if (covered > cells[cell]) cells[cell] = Math.min(1, covered);
    }
  }
}

/**
 * @param {readonly Stroke[]} strokes in cells: the middle of the first cell is (0.5, 0.5)
 * @param {{width: number, height: number, radius: number}} sheet of the pen: in cells
 * @returns {Float32Array} how much of each cell is covered, 0 to 1, with soft edges
 */
export function inkOf(strokes, { width, height, radius }) {
  const sheet = { width, height, cells: new Float32Array(width * height) };
  for (const stroke of strokes) {
    stroke.forEach((point, index) => {
      drawSegment(sheet, stroke[Math.max(0, index - 1)], point, radius);
    });
  }
  return sheet.cells;
}

/**
 * @param {Float32Array} fine shape [height * times, width * times]
 * @param {{width: number, height: number, times: number}} sizes width and height of the answer
 * @returns {Float32Array} the mean of each block of times * times cells
 */
export function blockMeans(fine, { width, height, times }) {
  const means = new Float32Array(width * height);
  for (let y = 0; y < height * times; y += 1) {
    const row = Math.floor(y / times) * width;
    for (let x = 0; x < width * times; x += 1) means[row + Math.floor(x / times)] += fine[y * width * times + x];
  }
  return means.map((sum) => sum / (times * times));
}

/**
 * @param {ArrayLike<number>} cells row by row
 * @param {number} width
 * @returns {Point | null} in cells, the middle of the first is (0.5, 0.5); null when all are 0
 */
export function centreOfMass(cells, width) {
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let cell = 0; cell < cells.length; cell += 1) {
    mass += cells[cell];
    sumX += cells[cell] * ((cell % width) + 0.5);
    sumY += cells[cell] * (Math.floor(cell / width) + 0.5);
  }
  return mass > 0 ? { x: sumX / mass, y: sumY / mass } : null;
}
