import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { features, getFeature } from "../../../static/js/core/features.js";
import {
  cellMiddle,
  curveDomain,
  curveInputs,
  featureGrid,
  gridInputs,
  sampleInputs,
  unitGrid,
  valueAt,
} from "../../../static/js/core/grid.js";

test("the first cell is the upper left corner, the second its right neighbour", () => {
  assert.deepEqual([...gridInputs(["x1", "x2"], 2)], [-3, 3, 3, 3, -3, -3, 3, -3]);
});

test("cells lie evenly between the borders of the plot", () => {
  assert.deepEqual(
    [0, 1, 2].map((index) => cellMiddle(index, 3)),
    [-4, 0, 4],
  );
});

for (const { name, value } of [
  { name: "x1", value: 2 },
  { name: "x2", value: -3 },
  { name: "x1_squared", value: 4 },
  { name: "x2_squared", value: 9 },
  { name: "x1x2", value: -6 },
  { name: "sin_x1", value: Math.sin(2) },
  { name: "sin_x2", value: Math.sin(-3) },
]) {
  test(`feature ${name} of (2, -3) is ${value}`, () => assert.equal(getFeature(name).formula(2, -3), value));
}

test("the page computes every feature as the server does", () => {
  const golden = JSON.parse(readFileSync(new URL("../../contract/features.json", import.meta.url), "utf8"));
  for (const [name, values] of Object.entries(golden.features)) {
    const computed = golden.points.map((/** @type {[number, number]} */ point) => getFeature(name).formula(...point));
    values.forEach((/** @type {number} */ value, /** @type {number} */ index) => {
      assert.ok(Math.abs(computed[index] - value) < 1e-6, `${name} of ${golden.points[index]}`);
    });
  }
});

test("the picture of every feature stays between -1 and 1", () => {
  for (const { name } of features) assert.ok(featureGrid(name, 20).every((value) => Math.abs(value) <= 1));
});

test("an unknown feature is named in the error", () => {
  assert.throws(() => getFeature("x3"), /Unknown feature "x3": expected one of x1, x2/);
});

test("one unit is picked out of a layer's answers, at a coarser grid", () => {
  const answers = Float32Array.from({ length: 4 * 4 * 2 }, (_unused, index) => index);
  assert.deepEqual([...unitGrid(answers, { size: 4, units: 2, unit: 1, coarse: 2 })], [11, 15, 27, 31]);
  assert.deepEqual([...unitGrid(answers, { size: 4, units: 2, unit: 0, coarse: 4 })].slice(0, 3), [0, 2, 4]);
});

test("the value under the pointer is that of the cell, and nothing outside the plot", () => {
  const grid = [1, 2, 3, 4];
  assert.equal(valueAt(grid, 2, -5, 5), 1);
  assert.equal(valueAt(grid, 2, 5, -5), 4);
  assert.equal(valueAt(grid, 2, 6.01, 0), null);
});

test("a line is asked about from end to end", () => {
  assert.deepEqual([...curveInputs(["x1", "x1_squared"], 3, [-2, 2])], [-2, 4, 0, 0, 2, 4]);
});

test("data over a line live between -2 and 2 unless they say otherwise", () => {
  assert.deepEqual(curveDomain({ name: "curve" }), [-2, 2]);
  assert.deepEqual(curveDomain({ name: "curve", x_min: -1, x_max: 3 }), [-1, 3]);
});

test("samples become rows of the features a network is fed, with one coordinate or two", () => {
  assert.deepEqual(
    [
      ...sampleInputs(
        ["x2", "x1x2"],
        [
          [2, 3],
          [-1, 4],
        ],
      ),
    ],
    [3, 6, 4, -4],
  );
  assert.deepEqual([...sampleInputs(["x1", "x1_squared"], [[2], [-3]])], [2, 4, -3, 9]);
});
