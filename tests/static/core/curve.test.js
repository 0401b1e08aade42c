import assert from "node:assert/strict";
import { test } from "node:test";
import {
  contributions,
  curveLayout,
  kinksOf,
  nearestSample,
  placing,
  rangeOf,
  residualsOf,
  stripScale,
  ticksOf,
  tintsOf,
  valueOn,
} from "../../../static/js/core/curve.js";

/** @type {[number, number]} */
const domain = [-2, 2];
const line = new Float32Array([0, 1, 2, 3, 4]);

test("the strip of residuals stands below the plot, inside the picture", () => {
  const { left, right, top, bottom, stripTop, stripBottom } = curveLayout(308, 304);
  assert.ok(0 < left && left < right && right <= 308);
  assert.ok(0 < top && top < bottom && bottom < stripTop && stripTop < stripBottom && stripBottom <= 304);
});

test("a number stands where its share of the range is", () => {
  assert.equal(placing([-2, 2], [100, 0])(1), 25);
});

for (const { x, value } of [
  { x: -2, value: 0 },
  { x: -1.5, value: 0.5 },
  { x: 2, value: 4 },
  { x: 2.1, value: null },
  { x: Number.NaN, value: null },
]) {
  test(`over ${x} the line is at ${value}`, () => assert.equal(valueOn(line, domain, x), value));
}

for (const { range, count, ticks } of [
  { range: [-2, 2], count: 4, ticks: [-2, -1, 0, 1, 2] },
  { range: [-0.13, 0.41], count: 5, ticks: [0, 0.2, 0.4] },
  { range: [-4.3, 11.2], count: 4, ticks: [0, 5, 10] },
]) {
  test(`an axis from ${range.join(" to ")} is marked at ${ticks.join(", ")}`, () => {
    assert.deepEqual(ticksOf(/** @type {[number, number]} */ (range), count), ticks);
  });
}

test("the range leaves some space around all numbers, and holes do not count", () => {
  assert.deepEqual(rangeOf([[0, Number.NaN], [10]]), [-1.2, 11.2]);
});

test("without any number there is still a range", () => assert.deepEqual(rangeOf([[]]), [-1, 1]));

test("equal numbers have a range of their own", () => {
  const [low, high] = rangeOf([[3, 3]]);
  assert.ok(low < 3 && high > 3);
});

test("a unit adds its answer times its weight", () => {
  const added = contributions([new Float32Array([1, 2]), new Float32Array([0, 3])], [2, -1]);
  assert.deepEqual(
    added.map((each) => [...each]),
    [
      [2, 4],
      [-0, -3],
    ],
  );
});

test("an answer bends where a unit begins or ceases to answer", () => {
  assert.deepEqual(
    kinksOf([
      [0, 0, 1, 2, 3],
      [1, 1, 1, 1, 1],
      [3, 2, 1, 0, 0],
    ]),
    [0.375, 0.625],
  );
});

test("a residual is the sample minus the answer, and samples outside have none", () => {
  const samples = { features: [[-1], [5]], labels: [3, 1] };
  assert.deepEqual(residualsOf(samples, line, domain), [{ x: -1, residual: 2 }]);
});

test("the strip shows less and less as the residuals shrink, in halves", () => {
  assert.equal(stripScale([{ residual: -4 }], 6), 6);
  assert.equal(stripScale([{ residual: 2 }], 6), 3);
  assert.equal(stripScale([{ residual: 0.001 }], 64), 1);
});

test("even a small number shows its sign, a larger one more so", () => {
  const [below, above, more] = tintsOf([-0.01, 0.01, 4], 4);
  assert.ok(below < -0.5 && above > 0.5 && more === 1);
  assert.deepEqual(tintsOf([0], 0), [0.55]);
});

test("the sample next to a place is found", () => {
  const samples = { features: [[-1], [0.5], [2]], labels: [1, 2, 3] };
  assert.deepEqual(nearestSample(samples, 0.9), { x: 0.5, label: 2 });
  assert.equal(nearestSample({ features: [], labels: [] }, 0), null);
});
