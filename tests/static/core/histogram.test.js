import assert from "node:assert/strict";
import { test } from "node:test";
import { calmLimit, histogramOf, largestSize, weightBins } from "../../../static/js/core/histogram.js";

test("numbers are counted in equal bins from one border to the other", () => {
  // Borders of the five bins: -1, -0.6, -0.2, 0.2, 0.6, 1.
  const values = Float32Array.of(-0.9, -0.5, -0.1, 0, 0.15, 0.3, 0.7, 0.95);
  assert.deepEqual(histogramOf(values, 1, 5), { limit: 1, counts: [1, 1, 3, 1, 2] });
});

test("zero is in the middle of the middle bin", () => {
  const { counts } = histogramOf([0], 2);
  assert.equal(counts.length, weightBins);
  assert.equal(counts[(weightBins - 1) / 2], 1);
});

test("what lies on or beyond a border is in the last bin, and what is no number in none", () => {
  assert.deepEqual(histogramOf([1, 5, Infinity, -1, -7, NaN], 1, 3).counts, [2, 0, 3]);
});

test("the largest size of several lists leaves out what is not finite", () => {
  assert.equal(largestSize([[1, -3], Float32Array.of(2.5), [NaN, -Infinity], []]), 3);
  assert.equal(largestSize([]), 0);
});

test("borders are round numbers that hold everything", () => {
  const pairs = [
    [0, 0.1],
    [0.1, 0.1],
    [0.11, 0.2],
    [0.3, 0.3],
    [0.31, 0.5],
    [0.9, 1],
    [1, 1],
    [1.2, 2],
    [4.4, 5],
    [5.6, 7],
    [7.1, 10],
    [230, 300],
  ];
  for (const [largest, limit] of pairs) assert.equal(calmLimit(largest, null), limit);
});

test("borders stay while the numbers wander inside them, and follow when they leave", () => {
  assert.equal(calmLimit(1.9, 2), 2);
  assert.equal(calmLimit(0.9, 2), 2);
  assert.equal(calmLimit(2.1, 2), 3);
  assert.equal(calmLimit(0.79, 2), 1);
  assert.equal(calmLimit(0, 0.1), 0.1);
});
