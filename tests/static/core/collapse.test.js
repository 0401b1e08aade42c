import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCollapsed } from "../../../static/js/core/collapse.js";

/** @param {number[]} kernel */
const layer = (kernel) => ({
  inputs: kernel.length,
  units: 1,
  kernel: Float32Array.from(kernel),
  bias: Float32Array.of(0.8),
  normalization: null,
});
const none = { l1: 0, l2: 0 };

test("weights about zero under a penalty have collapsed, whatever the biases are", () => {
  const picture = { layers: [layer([0.01, -0.02]), layer([0.001])] };
  assert.equal(hasCollapsed(picture, { l1: 0, l2: 0.1 }), true);
  assert.equal(hasCollapsed(picture, { l1: 0.03, l2: 0 }), true);
});

test("without a penalty, small weights are only a beginning", () => {
  assert.equal(hasCollapsed({ layers: [layer([0.01])] }, none), false);
});

test("one weight that is still alive is enough", () => {
  const picture = { layers: [layer([0.01, -0.02]), layer([-0.4])] };
  assert.equal(hasCollapsed(picture, { l1: 0, l2: 0.1 }), false);
});

test("without a picture nothing is known", () => {
  assert.equal(hasCollapsed(null, { l1: 0, l2: 1 }), false);
  assert.equal(hasCollapsed({ layers: null }, { l1: 0, l2: 1 }), false);
});
