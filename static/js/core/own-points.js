/** Samples that are laid on the plane by hand: x1, x2 and the label of each. */

import { domain } from "./grid.js";

/** @typedef {readonly number[]} OwnPoint x1, x2, label */

/** A finger is no needle: a tap this near to a point means the point. */
export const reach = 0.32;

/** How far apart the points of one stroke are. */
const strokeGap = 0.45;

/** @param {readonly number[]} one @param {readonly number[]} other */
const distance = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);

/** @param {number} coordinate @returns {number} on the plane, with two decimals: short enough for an address */
function tidy(coordinate) {
  return Math.round(Math.min(domain, Math.max(-domain, coordinate)) * 100) / 100;
}

/**
 * @param {{x1: number, x2: number}} place
 * @param {number} label
 * @returns {[number, number, number]}
 */
export function ownPoint({ x1, x2 }, label) {
  return [tidy(x1), tidy(x2), label];
}

/**
 * @param {readonly OwnPoint[]} points
 * @param {{x1: number, x2: number}} place
 * @returns {number} index of the point that is meant there; -1 for none
 */
export function pointAt(points, { x1, x2 }) {
  let nearest = -1;
  points.forEach((point, index) => {
    const away = distance(point, [x1, x2]);
    if (away <= reach && (nearest < 0 || away < distance(points[nearest], [x1, x2]))) nearest = index;
  });
  return nearest;
}

/**
 * @param {readonly OwnPoint[]} stroke points so far
 * @param {OwnPoint} point
 * @returns {boolean} far enough from the last one to be one more
 */
export function continuesStroke(stroke, point) {
  const last = stroke.at(-1);
  return last === undefined || distance(last, point) >= strokeGap;
}

/** What own points begin with: two small crowds, so that there is something to learn. @type {readonly OwnPoint[]} */
export const examplePoints = Object.freeze([
  [-3, 2, 0],
  [-2.2, 3, 0],
  [-3.6, 0.8, 0],
  [-1.6, 1.8, 0],
  [-2.6, -0.4, 0],
  [-4, 2.4, 0],
  [2.4, -1.6, 1],
  [3.2, -2.6, 1],
  [1.6, -2.8, 1],
  [3.8, -0.8, 1],
  [2.6, 0.4, 1],
  [4.2, -2, 1],
]);
