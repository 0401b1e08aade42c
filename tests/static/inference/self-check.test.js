import assert from "node:assert/strict";
import { test } from "node:test";
import { belongTogether, comparePredictions } from "../../../static/js/inference/self-check.js";

for (const { name, predictions, expected, equal, difference } of [
  { name: "the same numbers", predictions: [0.5, -1], expected: [0.5, -1], equal: true, difference: 0 },
  {
    name: "a difference below the tolerance",
    predictions: [0.5],
    expected: [0.50005],
    equal: true,
    difference: 0.00005,
  },
  {
    name: "one wrong number among right ones",
    predictions: [0.5, 0.7],
    expected: [0.5, 0.8],
    equal: false,
    difference: 0.1,
  },
  { name: "not-a-number here", predictions: [Number.NaN, 0], expected: [0, 0], equal: false, difference: Infinity },
  { name: "no number from Keras", predictions: [0], expected: [null], equal: false, difference: Infinity },
  { name: "too few predictions", predictions: [0], expected: [0, 0], equal: false, difference: Infinity },
]) {
  test(`${name}: ${equal ? "equal" : "not equal"}`, () => {
    const check = comparePredictions(predictions, expected, 1e-4);
    assert.equal(check.equal, equal);
    assert.ok(check.difference === difference || Math.abs(check.difference - difference) < 1e-9);
  });
}

test("model and probe belong together when their weights are the same", () => {
  const model = { userDefinedMetadata: { weights_sha256: "ab" } };
  assert.ok(belongTogether(model, { weights_sha256: "ab" }));
  assert.ok(!belongTogether(model, { weights_sha256: "cd" }));
  assert.ok(!belongTogether({}, {}));
});
