import assert from "node:assert/strict";
import { test } from "node:test";
import { createNeighbourMap } from "../../../static/js/core/tsne.js";

const [groups, each, columns] = [3, 20, 6];

/** Numbers that look random and are the same each time. @param {number} seed */
function createNoise(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648 - 0.5;
  };
}

/** Three groups, far from each other. */
function pointsOf() {
  const noise = createNoise(7);
  return Float32Array.from({ length: groups * each * columns }, (_unused, index) => {
    const group = Math.floor(index / columns / each);
    return (index % columns === group ? 10 : 0) + noise();
  });
}

/** @param {Float32Array} places @param {number} one @param {number} other */
const distance = (places, one, other) =>
  Math.hypot(places[2 * one] - places[2 * other], places[2 * one + 1] - places[2 * other + 1]);

/** @param {Float32Array} places @param {number} point @returns {number} group of its nearest neighbour */
function groupOfNearest(places, point) {
  const others = Array.from({ length: groups * each }, (_unused, index) => index).filter((index) => index !== point);
  others.sort((one, other) => distance(places, point, one) - distance(places, point, other));
  return Math.floor(others[0] / each);
}

test("groups stay groups, and come apart from each other", () => {
  const map = createNeighbourMap(pointsOf(), columns);
  map.step(400);
  const places = map.places();
  assert.ok(places.every(Number.isFinite));
  for (let point = 0; point < groups * each; point += 1)
    assert.equal(groupOfNearest(places, point), Math.floor(point / each));
  const within = Math.max(...Array.from({ length: each }, (_unused, point) => distance(places, 0, point)));
  assert.ok(distance(places, 0, each) > within);
});

test("a map that is made in pieces is the map that is made at once", () => {
  const [whole, pieces] = [createNeighbourMap(pointsOf(), columns), createNeighbourMap(pointsOf(), columns)];
  whole.step(40);
  for (let piece = 0; piece < 8; piece += 1) pieces.step(5);
  assert.equal(pieces.iterations(), 40);
  assert.deepEqual(pieces.places(), whole.places());
});

test("points that are all the same do not break the map", () => {
  const map = createNeighbourMap(new Float32Array(20).fill(1), 2);
  map.step(50);
  assert.ok(map.places().every(Number.isFinite));
});

test("no point, one point and two points have places, too", () => {
  for (const rows of [0, 1, 2]) {
    const map = createNeighbourMap(Float32Array.from([1, 2, 4, 3]).subarray(0, rows * 2), 2);
    map.step(20);
    assert.equal(map.places().length, rows * 2);
    assert.ok(map.places().every(Number.isFinite));
  }
});
