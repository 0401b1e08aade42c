import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countWeights,
  decodeWeights,
  splitWeights,
  strokeOf,
  weightAt,
  withNumber,
} from "../../../static/js/core/weights.js";

/** @param {readonly number[]} shape inputs, units of each layer @param {readonly number[]} normalized layers */
const parts = (shape, normalized = []) =>
  shape.slice(1).map((units, layer) => ({ inputs: shape[layer], units, isNormalized: normalized.includes(layer) }));

/** @param {number[]} numbers */
const encoded = (numbers) => Buffer.from(new Float32Array(numbers).buffer).toString("base64");

test("the bytes of a frame become the numbers that were sent", () => {
  assert.deepEqual([...decodeWeights(encoded([1, -0.5, 3e-8]))], [1, -0.5, Math.fround(3e-8)]);
});

test("not-a-number survives, so that a diverged frame can be noticed", () => {
  assert.ok(Number.isNaN(decodeWeights(encoded([Number.NaN]))[0]));
});

test("half a number is refused with its size", () => {
  assert.throws(() => decodeWeights(Buffer.from([1, 2, 3]).toString("base64")), /3 bytes: expected a multiple of 4/);
});

for (const { shape, count } of [
  { shape: [2, 1], count: 3 },
  { shape: [2, 4, 2, 1], count: 25 },
  { shape: [7, 8, 8, 8, 1], count: 217 },
]) {
  test(`a network ${shape.join("-")} has ${count} weights`, () => assert.equal(countWeights(parts(shape)), count));
}

test("weights are split layer by layer, kernel then bias, kernels row by row", () => {
  const layers = splitWeights(
    Float32Array.from({ length: 13 }, (_unused, index) => index),
    parts([2, 3, 1]),
  );
  assert.ok(layers);
  assert.deepEqual([...layers[0].kernel], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...layers[0].bias], [6, 7, 8]);
  assert.equal(weightAt(layers[0], 1, 2), 5);
  assert.deepEqual([...layers[1].kernel], [9, 10, 11]);
  assert.deepEqual([...layers[1].bias], [12]);
});

test("a normalization stands behind the bias of its layer", () => {
  assert.equal(countWeights(parts([1, 3, 1], [0])), 22);
  const known = splitWeights(
    Float32Array.from({ length: 22 }, (_unused, index) => index),
    parts([1, 3, 1], [0]),
  );
  assert.deepEqual([...(known?.[0].normalization ?? [])], [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
  assert.deepEqual([...(known?.[1].kernel ?? [])], [18, 19, 20]);
});

test("one number can be changed without changing what was there", () => {
  const known = splitWeights(
    Float32Array.from({ length: 9 }, (_unused, index) => index),
    parts([2, 3]),
  );
  assert.ok(known);
  assert.equal(weightAt(withNumber(known, { layer: 0, row: 1, unit: 2, value: 50 })[0], 1, 2), 50);
  assert.deepEqual([...withNumber(known, { layer: 0, row: null, unit: 0, value: 60 })[0].bias], [60, 7, 8]);
  assert.equal(weightAt(known[0], 1, 2), 5);
});

test("weights of another network are not drawn", () => {
  assert.equal(splitWeights(new Float32Array(24), parts([2, 4, 2, 1])), null);
});

test("a line is thicker and darker the larger its weight, whatever its sign, up to a limit", () => {
  const strokes = [0, 0.1, 0.5, 1, 2, 3].map(strokeOf);
  for (let index = 1; index < strokes.length; index += 1) {
    assert.ok(strokes[index].width > strokes[index - 1].width);
    assert.ok(strokes[index].opacity > strokes[index - 1].opacity);
  }
  assert.deepEqual(strokeOf(-2), strokeOf(2));
  assert.deepEqual(strokeOf(300), strokeOf(3));
});
