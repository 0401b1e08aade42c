import assert from "node:assert/strict";
import { test } from "node:test";
import { channelOf, patchSum } from "../../../static/js/core/patch.js";

const input = { height: 3, width: 3, channels: 1, values: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]) };
const kernel = Float32Array.from([1, 0, 0, -1]);
const convolution = { height: 2, width: 2, kernel, bias: 0.5, strideX: 1, strideY: 1, padding: "valid" };

test("a patch times its kernel, number by number, with the bias", () => {
  const { patch, products, sum, top, left } = patchSum(input, convolution, { x: 1, y: 1 });
  assert.deepEqual([...patch], [5, 6, 8, 9]);
  assert.deepEqual([...products], [5, 0, 0, -9]);
  assert.equal(sum, -3.5);
  assert.deepEqual([top, left], [1, 1]);
});

test("where the input ends there is nothing", () => {
  const { patch, sum } = patchSum(input, { ...convolution, padding: "same" }, { x: 2, y: 2 });
  assert.deepEqual([...patch], [9, 0, 0, 0]);
  assert.equal(sum, 9.5);
});

test("with an odd kernel the padding is the same before and behind", () => {
  const odd = { ...convolution, height: 3, width: 3, kernel: new Float32Array(9).fill(1), padding: "same" };
  assert.deepEqual(patchSum(input, odd, { x: 0, y: 0 }).top, -1);
  assert.equal(patchSum(input, odd, { x: 0, y: 0 }).sum, 1 + 2 + 4 + 5 + 0.5);
});

test("one channel of many", () => {
  assert.deepEqual([...channelOf(Float32Array.from([1, 2, 3, 4, 5, 6]), 3, 1)], [2, 5]);
});
