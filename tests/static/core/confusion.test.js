import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracyOf, classQuality, confusionOf, predictedClasses } from "../../../static/js/core/confusion.js";

test("a single unit says class 1 only beyond one half, as Keras does", () => {
  assert.deepEqual(predictedClasses(Float32Array.of(0.2, 0.5, 0.500001, 0.9), 1), [0, 0, 1, 1]);
});

test("of several units the likeliest decides, the first of equals", () => {
  const answers = [0.1, 0.7, 0.2, 0.4, 0.4, 0.2, 0, 0.1, 0.9];
  assert.deepEqual(predictedClasses(answers, 3), [1, 0, 2]);
});

test("an answer that is no number is taken for class 0, as Keras does", () => {
  assert.deepEqual(predictedClasses([NaN], 1), [0]);
  assert.deepEqual(predictedClasses([NaN, NaN, NaN], 3), [0]);
});

// True classes, then what was predicted: worked out by hand.
const labels = [0, 0, 0, 1, 1, 2, 2, 2];
const predicted = [0, 0, 1, 1, 1, 2, 0, 0];
const confusion = confusionOf(labels, predicted, 3);

test("each cell holds the very samples that were counted there", () => {
  assert.deepEqual(confusion.members, [
    [[0, 1], [2], []],
    [[], [3, 4], []],
    [[6, 7], [], [5]],
  ]);
});

test("the accuracy is the share of the diagonal", () => {
  assert.deepEqual([confusion.right, confusion.total], [5, 8]);
  assert.equal(accuracyOf(confusion), 5 / 8);
  assert.equal(accuracyOf(confusionOf([], [], 2)), null);
});

test("a class is found in part, and believed in part", () => {
  assert.deepEqual(classQuality(confusion, 0), { actual: 3, said: 4, right: 2, recall: 2 / 3, precision: 2 / 4 });
  assert.deepEqual(classQuality(confusion, 1), { actual: 2, said: 3, right: 2, recall: 1, precision: 2 / 3 });
  assert.deepEqual(classQuality(confusion, 2), { actual: 3, said: 1, right: 1, recall: 1 / 3, precision: 1 });
});

test("a class that is never said has no precision, one without samples no recall", () => {
  const lopsided = confusionOf([0, 0], [1, 1], 3);
  assert.equal(classQuality(lopsided, 0).precision, null);
  assert.equal(classQuality(lopsided, 1).recall, null);
  assert.deepEqual(classQuality(lopsided, 2), { actual: 0, said: 0, right: 0, recall: null, precision: null });
});

test("a label beyond the classes is in no cell, but lowers the accuracy", () => {
  assert.equal(accuracyOf(confusionOf([0, 7], [0, 0], 2)), 0.5);
});
