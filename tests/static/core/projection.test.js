import assert from "node:assert/strict";
import { test } from "node:test";
import { projected, projectedColumns } from "../../../static/js/core/projection.js";

const [rows, columns] = [24, 4000];

/** @param {Float32Array} points @param {number} width @param {number} one @param {number} other */
function distance(points, width, one, other) {
  let sum = 0;
  for (let column = 0; column < width; column += 1)
    sum += (points[one * width + column] - points[other * width + column]) ** 2;
  return Math.sqrt(sum);
}

test("distances of long rows stay nearly what they were", () => {
  const given = Float32Array.from({ length: rows * columns }, (_unused, index) => Math.max(0, Math.sin(index * index)));
  const { points, columns: width } = projected(given, columns);
  assert.equal(width, projectedColumns);
  assert.equal(points.length, rows * width);
  for (let one = 0; one < rows; one += 1)
    for (let other = 0; other < one; other += 1) {
      const ratio = distance(points, width, one, other) / distance(given, columns, one, other);
      assert.ok(Math.abs(ratio - 1) < 0.25, `${one}, ${other}: ${ratio}`);
    }
});

test("the same rows are projected in the same way each time, short rows not at all", () => {
  const given = Float32Array.from({ length: 2 * columns }, (_unused, index) => index % 7);
  assert.deepEqual(projected(given, columns), projected(given, columns));
  assert.equal(projected(given, 100).points, given);
});
