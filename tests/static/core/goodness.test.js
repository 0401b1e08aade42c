import assert from "node:assert/strict";
import { test } from "node:test";
import { explainedShare, largestResiduals, meanAbsoluteError } from "../../../static/js/core/goodness.js";

// Mean 2.5, spread 5; left over 0.25 + 0 + 1 + 0.25 = 1.5.
const truths = [1, 2, 3, 4];
const predicted = Float32Array.of(1.5, 2, 2, 4.5);

test("the explained share is one minus what is left of the spread", () => {
  assert.equal(explainedShare(truths, predicted), 1 - 1.5 / 5);
  assert.equal(explainedShare(truths, truths), 1);
});

test("always saying the mean explains nothing, and worse than that is negative", () => {
  assert.equal(explainedShare(truths, [2.5, 2.5, 2.5, 2.5]), 0);
  assert.equal(explainedShare(truths, [4, 3, 2, 1]), 1 - 20 / 5);
});

test("truths that do not differ leave nothing to explain", () => {
  assert.equal(explainedShare([3, 3], [3, 4]), null);
  assert.equal(explainedShare([], []), null);
});

test("the mean absolute error is that of all samples", () => {
  assert.equal(meanAbsoluteError(truths, predicted), (0.5 + 0 + 1 + 0.5) / 4);
  assert.equal(meanAbsoluteError([], []), null);
});

test("the largest residuals come first, of both signs, and say where they are", () => {
  assert.deepEqual(largestResiduals(truths, predicted, 2), [
    { sample: 2, truth: 3, predicted: 2, difference: -1 },
    { sample: 0, truth: 1, predicted: 1.5, difference: 0.5 },
  ]);
  assert.equal(largestResiduals(truths, predicted, 9).length, 4);
});
