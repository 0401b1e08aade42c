/** A penalty that is too strong pulls every weight to zero: then the network gives one answer for everything. */

/** Weights this small pass nothing on that anyone could see. */
const nearZero = 0.05;

/**
 * @param {{layers: readonly import("./weights.js").LayerWeights[] | null} | null} picture
 * @param {{l1: number, l2: number}} regularization
 * @returns {boolean} all kernels are about zero, and a penalty made them so
 */
export function hasCollapsed(picture, { l1, l2 }) {
  if (!picture?.layers || (l1 === 0 && l2 === 0)) return false;
  return picture.layers.every(({ kernel }) => kernel.every((weight) => Math.abs(weight) < nearZero));
}
