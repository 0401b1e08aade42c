import assert from "node:assert/strict";
import { test } from "node:test";
import { firstGap, nearestRow, smooth } from "../../../static/js/core/smoothing.js";

/** @param {readonly (number | null)[]} column */
const rounded = (column) => column.map((value) => (value === null ? null : Math.round(value * 1e6) / 1e6));

test("without smoothing the column is the same object", () => {
  const column = [3, 1, 2];
  assert.equal(smooth(column, 0), column);
  assert.equal(smooth(column, Number.NaN), column);
});

test("the first value is itself, not drawn towards zero", () => {
  assert.deepEqual(rounded(smooth([5, 5, 5], 0.9)), [5, 5, 5]);
});

test("each value is the weighted mean of all before it", () => {
  // Weights of the past at a share of one half: 1; 1/3 and 2/3; 1/7, 2/7 and 4/7.
  assert.deepEqual(rounded(smooth([7, 1, 0], 0.5)), [7, 3, rounded([9 / 7])[0]]);
});

test("a calmer curve has smaller steps and the same level", () => {
  const jagged = Array.from({ length: 400 }, (_unused, row) => (row % 2 ? 1.5 : 0.5));
  const calm = /** @type {number[]} */ (smooth(jagged, 0.95)).slice(200);
  assert.ok(Math.max(...calm) - Math.min(...calm) < 0.06);
  assert.ok(Math.abs(calm.reduce((sum, value) => sum + value, 0) / calm.length - 1) < 0.01);
});

test("a hole stays a hole, and what comes after it goes on from before", () => {
  const column = smooth([1, null, Number.NaN, 3], 0.5);
  assert.deepEqual(rounded(column), [1, null, null, rounded([7 / 3])[0]]);
});

test("more smoothing than there is counts as the most there is", () => {
  assert.deepEqual(smooth([1, 2, 3], 5), smooth([1, 2, 3], 0.99));
  assert.equal(smooth([], 0.5).length, 0);
});

for (const { name, column, gap } of [
  { name: "a whole curve has no gap", column: [1, 2, 3, 4], gap: null },
  { name: "a curve that ended in no number", column: [1, 2, null, null], gap: { from: 30, to: null } },
  { name: "a curve that came back", column: [1, null, null, 4], gap: { from: 20, to: 30 } },
  { name: "a curve that never had a number", column: [null, null, null, null], gap: { from: 10, to: null } },
]) {
  test(`gaps: ${name}`, () => assert.deepEqual(firstGap([10, 20, 30, 40], column), gap));
}

for (const [epoch, row] of [
  [-5, 0],
  [10, 0],
  [14, 0],
  [16, 1],
  [39, 3],
  [900, 3],
]) {
  test(`the row nearest to epoch ${epoch} is ${row}`, () => assert.equal(nearestRow([10, 20, 30, 40], epoch), row));
}

test("an empty curve has no row", () => assert.equal(nearestRow([], 3), -1));
