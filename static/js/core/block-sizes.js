/** How large the blocks of a picture network are drawn: the front by height and width, the depth by channels. */

/** @typedef {import("./image-shapes.js").Shape} Shape */

/**
 * @typedef {object} Block
 * @property {Shape} shape
 * @property {number} index of the layer that makes it, -1 for the picture itself
 * @property {number} height 0 to 1
 * @property {number} width 0 to 1
 * @property {number} depth 0 to 1
 */

/** What is small must still be seen. */
const least = 0.12;

/** Grows fast at first: 1 and 2 are told apart as well as 128 and 256. @param {number} value @param {number} most */
const slowly = (value, most) => Math.log2(1 + value) / Math.log2(1 + Math.max(most, 1));

/** @param {Shape} shape */
const channelsOf = (shape) => shape[shape.length - 1];

/**
 * Layers that leave the shape as it is have no block of their own.
 * @param {Shape} sample
 * @param {readonly {outputs: Shape}[]} plans
 * @returns {Block[]}
 */
export function blocksOf(sample, plans) {
  const stages = [{ shape: sample, index: -1 }, ...plans.map(({ outputs }, index) => ({ shape: outputs, index }))];
  const shown = stages.filter(({ shape, index }, place) => {
    const before = stages[place - 1]?.shape;
    return index === stages.length - 2 || before?.join() !== shape.join();
  });
  const sides = Math.max(...shown.map(({ shape }) => (shape.length === 3 ? Math.max(shape[0], shape[1]) : 1)));
  const rows = shown.filter(({ shape }) => shape.length === 1).map(({ shape }) => shape[0]);
  const channels = Math.max(
    ...shown.filter(({ shape }) => shape.length === 3).map(({ shape }) => channelsOf(shape)),
    1,
  );
  return shown.map(({ shape, index }) => {
    const [height, width] = shape;
    if (shape.length === 1)
      return { shape, index, height: Math.max(least, slowly(height, Math.max(...rows))), width: least, depth: least };
    const side = (/** @type {number} */ length) => Math.max(least, Math.sqrt(length / sides));
    return {
      shape,
      index,
      height: side(height),
      width: side(width),
      depth: Math.max(least, slowly(channelsOf(shape), channels)),
    };
  });
}
