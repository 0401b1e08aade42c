/** What the network answers at one place, from the grids of its picture. */

import { valueOn } from "./curve.js";
import { valueAt } from "./grid.js";

/**
 * @typedef {object} Grids
 * @property {"plane" | "curve"} kind
 * @property {readonly ArrayLike<number>[]} grids one, or one per class
 * @property {number} size
 * @property {readonly [number, number]} domain of a curve
 */

/**
 * @param {Grids} picture
 * @param {{x1: number, x2: number}} place
 * @returns {number[] | null} one number, or the probability of each class; null where there is none
 */
export function answersAt({ kind, grids, size, domain }, { x1, x2 }) {
  const answers = grids.map((grid) => (kind === "curve" ? valueOn(grid, domain, x1) : valueAt(grid, size, x1, x2)));
  const known = answers.filter((answer) => answer !== null);
  return known.length === grids.length && known.length > 0 ? known : null;
}

/**
 * @param {readonly number[]} answers from answersAt: of two classes -1 to 1, of several their probabilities
 * @returns {number[]} the probability of each class
 */
export function sharesOf(answers) {
  if (answers.length > 1) return [...answers];
  const [stretched] = answers;
  return [(1 - stretched) / 2, (1 + stretched) / 2];
}

/**
 * @param {readonly number[]} shares
 * @returns {number} the class that is held most probable
 */
export function likeliest(shares) {
  return shares.indexOf(Math.max(...shares));
}
