import assert from "node:assert/strict";
import { test } from "node:test";
import { answersAt, likeliest, sharesOf } from "../../../static/js/core/reading.js";

/** @type {[number, number]} */
const domain = [0, 2];

test("at a place of the plane each class has its own answer", () => {
  const grids = [
    [0.1, 0.2, 0.3, 0.4],
    [0.9, 0.8, 0.7, 0.6],
  ];
  assert.deepEqual(answersAt({ kind: "plane", grids, size: 2, domain }, { x1: 3, x2: 3 }), [0.2, 0.8]);
});

test("outside the plane there is no answer", () => {
  assert.equal(answersAt({ kind: "plane", grids: [[1]], size: 1, domain }, { x1: 7, x2: 0 }), null);
});

test("without a picture there is no answer", () => {
  assert.equal(answersAt({ kind: "plane", grids: [], size: 1, domain }, { x1: 0, x2: 0 }), null);
});

test("over a line the answer is read between two places", () => {
  assert.deepEqual(answersAt({ kind: "curve", grids: [[0, 10, 20]], size: 3, domain }, { x1: 0.5, x2: 0 }), [5]);
});

test("the one answer about two classes is both their probabilities", () =>
  assert.deepEqual(sharesOf([0.5]), [0.25, 0.75]));

test("the answers about several classes are their probabilities", () => {
  assert.deepEqual(sharesOf([0.2, 0.5, 0.3]), [0.2, 0.5, 0.3]);
  assert.equal(likeliest([0.2, 0.5, 0.3]), 1);
});
