/** What of a pretrained network is frozen, and how the worth of examples is measured. */

/** @typedef {{name: string, unfrozen: number, weights: number, trainable: number}} BaseBlock so many unfrozen layers reach back to its beginning */

/** @typedef {{name: string, weights: number, isTrained: boolean}} Part of a whole network, first to last */

/**
 * Stops of the slider: nothing unfrozen, then one block more at each.
 * @param {readonly BaseBlock[]} blocks first to last
 * @returns {number[]} unfrozen layers
 */
export const unfrozenStops = (blocks) => [0, ...blocks.map(({ unfrozen }) => unfrozen).reverse()];

/**
 * @param {readonly BaseBlock[]} blocks
 * @param {number} unfrozen layers, any number
 * @returns {number} how many blocks are unfrozen as a whole
 */
export const unfrozenBlocks = (blocks, unfrozen) => blocks.filter((block) => block.unfrozen <= unfrozen).length;

/**
 * @param {readonly BaseBlock[]} blocks
 * @param {number} unfrozen layers
 * @param {number} headWeights numbers of the layers on top
 * @returns {{parts: Part[], frozen: number, trained: number}} parts of the base, then the layers on top as one with the name ""
 */
export function partsOf(blocks, unfrozen, headWeights) {
  const first = blocks.length - unfrozenBlocks(blocks, unfrozen);
  const parts = blocks.map(({ name, weights }, place) => ({ name, weights, isTrained: place >= first }));
  const inBase = blocks.slice(first).reduce((sum, { trainable }) => sum + trainable, 0);
  const all = blocks.reduce((sum, { weights }) => sum + weights, 0);
  return {
    parts: [...parts, { name: "", weights: headWeights, isTrained: true }],
    frozen: all - inBase,
    trained: inBase + headWeights,
  };
}

/** Examples of each class that are tried. */
const tried = Object.freeze([5, 10, 20, 40]);

/** Samples a run has at least, and shares it may learn from. */
const [leastSamples, leastShare, mostShare] = [20, 0.1, 0.9];

/** More pictures to test with make the answer no better. */
const mostTests = 400;

/** @typedef {{examples: number, samples: number, train_fraction: number}} StudyStep examples of each class, and what a spec says then */

/**
 * How a data set is cut into few examples to learn from and others to test with.
 * @param {number} classes
 * @param {number} available pictures
 * @returns {StudyStep[]} as many as the pictures are enough for
 */
export function studySteps(classes, available) {
  return tried.flatMap((examples) => {
    const train = examples * classes;
    const test = Math.min(mostTests, available - train, Math.floor(train * (1 / leastShare - 1)));
    const samples = train + test;
    const share = train / samples;
    const isEnough = test >= classes && samples >= leastSamples && share <= mostShare;
    return isEnough ? [{ examples, samples, train_fraction: Number(share.toFixed(10)) }] : [];
  });
}
