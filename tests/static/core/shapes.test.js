import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeOf, shapeOfLabel } from "../../../static/js/core/shapes.js";

test("six classes have six shapes", () => {
  assert.equal(new Set([0, 1, 2, 3, 4, 5].map((index) => JSON.stringify(shapeOf(index)))).size, 6);
});

test("numbers below zero are drawn in another shape than the others", () => {
  assert.notDeepEqual(shapeOfLabel(-0.2, null), shapeOfLabel(0.2, null));
  assert.deepEqual(shapeOfLabel(0.2, null), shapeOfLabel(0.9, null));
});

test("a label of a class has the shape of its class", () => assert.equal(shapeOfLabel(2, 3), shapeOf(2)));
