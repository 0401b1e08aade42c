import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf } from "../../../static/js/core/block-sizes.js";

const plans = [
  { outputs: [8, 8, 16] },
  { outputs: [8, 8, 16] },
  { outputs: [4, 4, 16] },
  { outputs: [256] },
  { outputs: [10] },
];

test("a picture that shrinks gets smaller fronts, one that deepens longer depths", () => {
  const [input, deep, pooled] = blocksOf([8, 8, 1], plans);
  assert.ok(input.height === deep.height && pooled.height < deep.height);
  assert.ok(input.depth < deep.depth && pooled.depth === deep.depth);
});

test("a layer that leaves the shape as it is has no block, but the final one always has", () => {
  assert.deepEqual(
    blocksOf([8, 8, 1], plans).map(({ index }) => index),
    [-1, 0, 2, 3, 4],
  );
  const same = blocksOf([8, 8, 1], [{ outputs: [10] }, { outputs: [10] }]);
  assert.deepEqual(
    same.map(({ index }) => index),
    [-1, 0, 1],
  );
});

test("every block can be seen and none is larger than the whole", () => {
  for (const { height, width, depth } of blocksOf([128, 128, 3], [{ outputs: [1, 1, 256] }, { outputs: [2] }])) {
    for (const side of [height, width, depth]) assert.ok(side >= 0.12 && side <= 1, String(side));
  }
});
