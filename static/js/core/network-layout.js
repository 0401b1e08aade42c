/** Where units and connections go: numbers in, coordinates out. All lengths are CSS pixels. */

/**
 * @typedef {object} Place middle of a tile
 * @property {number} x
 * @property {number} y
 */

/**
 * @typedef {object} NetworkLayout
 * @property {number} width of the drawing, at least the room that was given
 * @property {number} height
 * @property {number} tile side of a tile
 * @property {number} spacing from column to column
 * @property {number} headRoom height above the tiles, for what stands over a layer
 * @property {boolean} isStacked the buttons above a layer stand below its name, for want of room beside it
 * @property {Place[]} inputs every feature, chosen or not
 * @property {Place[][]} layers hidden layers
 * @property {Place[]} outputs
 */

/**
 * @typedef {object} Room
 * @property {number} width of the card
 * @property {number} height
 * @property {number} inputCount
 * @property {readonly number[]} units of each hidden layer
 * @property {number} outputs units of the final layer
 * @property {boolean} coarse fingers need larger targets than a mouse
 */

const labelRoom = 62;
const outputRoom = 40;
const footRoom = 14;
const largestTile = 46;
const largestPitch = 76;
/** From here on the name of a layer and both its buttons stand in one row. */
const rowSpacing = 196;

/**
 * @param {boolean} coarse
 * @returns {{pitch: number, spacing: number, tile: number, row: number, stack: number}} smallest distances between rows and
 *   between columns; height of what stands above a layer, in one row and in two
 */
function smallestSteps(coarse) {
  return coarse
    ? { pitch: 54, spacing: 118, tile: 44, row: 60, stack: 106 }
    : { pitch: 23.4, spacing: 82, tile: 18, row: 46, stack: 70 };
}

/**
 * @param {number} count
 * @param {number} top
 * @param {number} height
 * @param {number} pitch
 * @returns {number[]} positions around the middle
 */
function spread(count, top, height, pitch) {
  const first = top + height / 2 - ((count - 1) * pitch) / 2;
  return Array.from({ length: count }, (_unused, index) => first + index * pitch);
}

/**
 * @param {Room} room
 * @returns {NetworkLayout}
 */
export function networkLayout(room) {
  const least = smallestSteps(room.coarse);
  const most = Math.max(room.inputCount, 1, room.outputs, ...room.units);
  const gaps = room.units.length + 1;
  const { width, spacing } = columnsOf(room.width, gaps, largestTile, least.spacing);
  const isStacked = spacing < rowSpacing;
  const headRoom = isStacked ? least.stack : least.row;
  const height = Math.max(room.height, headRoom + footRoom + most * least.pitch);
  const inner = height - headRoom - footRoom;
  const pitchOf = (/** @type {number} */ count) => Math.min(largestPitch, inner / Math.max(count, 1));
  const column = (/** @type {number} */ index, /** @type {number} */ count) =>
    spread(count, headRoom, inner, pitchOf(count)).map((y) => ({ x: firstX + index * spacing, y }));
  return {
    width,
    height,
    tile: Math.max(least.tile, Math.min(largestTile, pitchOf(most) * 0.84)),
    spacing,
    headRoom,
    isStacked,
    inputs: column(0, room.inputCount),
    layers: room.units.map((count, layer) => column(layer + 1, count)),
    outputs: column(gaps, room.outputs),
  };
}

const firstX = labelRoom + largestTile / 2;

/**
 * Columns stand at the same places whatever the size of their tiles.
 * @param {number} room
 * @param {number} gaps between columns
 * @param {number} tile
 * @param {number} smallest spacing
 */
function columnsOf(room, gaps, tile, smallest) {
  const ends = labelRoom + tile + outputRoom;
  const width = Math.max(room, ends + gaps * smallest);
  return { width, spacing: (width - ends) / gaps };
}

/**
 * A curve from the right side of one tile to the left side of another, level at both ends.
 * @param {Place} from
 * @param {Place} to
 * @param {number} tile
 * @returns {string} SVG path data
 */
export function connectionPath(from, to, tile) {
  const startX = from.x + tile / 2;
  const endX = to.x - tile / 2;
  const middle = (startX + endX) / 2;
  const numbers = [startX, from.y, middle, from.y, middle, to.y, endX, to.y].map((value) => value.toFixed(1));
  const [x0, y0, x1, y1, x2, y2, x3, y3] = numbers;
  return `M${x0} ${y0}C${x1} ${y1} ${x2} ${y2} ${x3} ${y3}`;
}
