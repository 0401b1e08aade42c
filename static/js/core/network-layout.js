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
 * @property {Place[]} inputs every feature, chosen or not
 * @property {Place[][]} layers hidden layers
 * @property {Place} output
 */

/**
 * @typedef {object} Room
 * @property {number} width of the card
 * @property {number} height
 * @property {number} inputCount
 * @property {readonly number[]} units of each hidden layer
 * @property {boolean} coarse fingers need larger targets than a mouse
 */

const labelRoom = 62;
const outputRoom = 40;
const headRoom = 44;
const footRoom = 10;
const largestTile = 46;
const largestPitch = 76;

/**
 * @param {boolean} coarse
 * @returns {{pitch: number, spacing: number, tile: number}} smallest distances between rows and between columns
 */
function smallestSteps(coarse) {
  return coarse ? { pitch: 52, spacing: 118, tile: 44 } : { pitch: 23.4, spacing: 78, tile: 18 };
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
  const most = Math.max(room.inputCount, 1, ...room.units);
  const height = Math.max(room.height, headRoom + footRoom + most * least.pitch);
  const inner = height - headRoom - footRoom;
  const pitchOf = (/** @type {number} */ count) => Math.min(largestPitch, inner / Math.max(count, 1));
  const tile = Math.max(least.tile, Math.min(largestTile, pitchOf(most) * 0.84));
  const gaps = room.units.length + 1;
  const ends = labelRoom + tile / 2 + outputRoom + tile / 2;
  const width = Math.max(room.width, ends + gaps * least.spacing);
  const spacing = (width - ends) / gaps;
  const firstX = labelRoom + tile / 2;
  const column = (/** @type {number} */ x, /** @type {number} */ count) =>
    spread(count, headRoom, inner, pitchOf(count)).map((y) => ({ x, y }));
  return {
    width,
    height,
    tile,
    spacing,
    inputs: column(firstX, room.inputCount),
    layers: room.units.map((count, layer) => column(firstX + (layer + 1) * spacing, count)),
    output: { x: firstX + gaps * spacing, y: headRoom + inner / 2 },
  };
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
