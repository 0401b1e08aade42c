import assert from "node:assert/strict";
import { test } from "node:test";
import { continuesStroke, examplePoints, ownPoint, pointAt } from "../../../static/js/core/own-points.js";

test("a point keeps two decimals and stays on the plane", () => {
  assert.deepEqual(ownPoint({ x1: 1.23456, x2: -9 }, 2), [1.23, -6, 2]);
});

test("a tap means the nearest point within reach", () => {
  const points = [
    [0, 0, 0],
    [0.3, 0, 1],
  ];
  assert.equal(pointAt(points, { x1: 0.2, x2: 0 }), 1);
  assert.equal(pointAt(points, { x1: 2, x2: 0 }), -1);
});

test("a stroke lays its points apart from each other", () => {
  assert.equal(continuesStroke([], [0, 0, 1]), true);
  assert.equal(continuesStroke([[0, 0, 1]], [0.1, 0, 1]), false);
  assert.equal(continuesStroke([[0, 0, 1]], [0.5, 0, 1]), true);
});

test("the example has two classes with enough points each to learn and to test", () => {
  for (const label of [0, 1]) assert.ok(examplePoints.filter((point) => point[2] === label).length >= 4);
});
