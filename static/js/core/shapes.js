/** The shape of a sample's dot tells its class, or the sign of its number: nothing is told by colour alone. */

/** @typedef {readonly (readonly [number, number])[]} Corners about (0, 0), y downwards, as large to the eye as a circle of radius 1 */

/**
 * @param {number} corners
 * @param {number} radius
 * @param {number} turn of the first corner, clockwise from the right
 * @returns {Corners}
 */
function polygon(corners, radius, turn) {
  return Array.from({ length: corners }, (_unused, index) => {
    const angle = turn + (2 * Math.PI * index) / corners;
    return /** @type {[number, number]} */ ([radius * Math.cos(angle), radius * Math.sin(angle)]);
  });
}

const arm = 0.42;
const reach = 1.25;
/** @type {Corners} */
const plus = [
  [-arm, -reach],
  [arm, -reach],
  [arm, -arm],
  [reach, -arm],
  [reach, arm],
  [arm, arm],
  [arm, reach],
  [-arm, reach],
  [-arm, arm],
  [-reach, arm],
  [-reach, -arm],
  [-arm, -arm],
];

/** Circle, diamond, triangle, square, triangle on its tip, cross. @type {readonly (Corners | null)[]} */
const shapes = Object.freeze([
  null,
  polygon(4, 1.3, 0),
  polygon(3, 1.5, -Math.PI / 2),
  polygon(4, 1.25, Math.PI / 4),
  polygon(3, 1.5, Math.PI / 2),
  plus,
]);

/**
 * @param {number} index of a class
 * @returns {Corners | null} null for a circle
 */
export function shapeOf(index) {
  return shapes[Math.trunc(Math.abs(index)) % shapes.length];
}

/**
 * @param {number} label of a sample
 * @param {number | null} classes null for numbers
 * @returns {Corners | null} null for a circle
 */
export function shapeOfLabel(label, classes) {
  if (classes === null) return shapeOf(label < 0 ? 0 : 1);
  return shapeOf(label);
}
