import assert from "node:assert/strict";
import { test } from "node:test";
import { lineAt, linesBetween, nearestLine } from "../../../static/js/core/connections.js";

const tile = 20;
const columns = [
  [
    { x: 10, y: 50 },
    { x: 10, y: 150 },
  ],
  [{ x: 130, y: 100 }],
];

test("every place of a column is connected with every place of the next", () => {
  assert.deepEqual(
    linesBetween(columns).map(({ layer, row, unit }) => [layer, row, unit]),
    [
      [0, 0, 0],
      [0, 1, 0],
    ],
  );
});

test("a line begins and ends level at the sides of its tiles and is halfway in the middle", () => {
  const [line] = linesBetween(columns);
  const [start, middle, end] = [20, 70, 120].map((x) => lineAt(line, tile, x));
  assert.ok(start && middle && end);
  for (const [at, y] of /** @type {[any, number][]} */ ([
    [start, 50],
    [middle, 75],
    [end, 100],
  ])) {
    assert.ok(Math.abs(at.y - y) < 1e-4, `${at.y} is not ${y}`);
  }
  assert.ok(Math.abs(start.slope) < 1e-4 && middle.slope > 0.7);
  assert.equal(lineAt(line, tile, 10), null, "below a tile there is no line");
});

test("the slope is that of the curve", () => {
  const [line] = linesBetween(columns);
  const [before, at, after] = [49.9, 50, 50.1].map((x) => /** @type {any} */ (lineAt(line, tile, x)));
  assert.ok(Math.abs((after.y - before.y) / 0.2 - at.slope) < 1e-3);
});

test("the nearest line is meant, and none when all are far", () => {
  const lines = linesBetween(columns);
  assert.equal(nearestLine(lines, { x: 40, y: 60 }, { tile, reach: 12 })?.row, 0);
  assert.equal(nearestLine(lines, { x: 40, y: 145 }, { tile, reach: 12 })?.row, 1);
  assert.equal(nearestLine(lines, { x: 40, y: 100 }, { tile, reach: 12 }), null);
  assert.equal(nearestLine(lines, { x: 40, y: 100 }, { tile, reach: 60 })?.layer, 0, "a finger reaches farther");
  assert.equal(nearestLine(lines, { x: 300, y: 100 }, { tile, reach: 12 }), null);
});
