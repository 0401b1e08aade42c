import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { planNetwork } from "../../../static/js/core/image-shapes.js";

const golden = JSON.parse(readFileSync(new URL("../../contract/image_shapes.json", import.meta.url), "utf8"));

for (const { name, sample, outputs, layers, shapes, weights, impossible } of golden) {
  test(`as the server: ${name}`, () => {
    const { plans, problem, weights: total } = planNetwork(layers, sample, outputs);
    if (impossible) {
      assert.deepEqual({ index: problem?.index, received: problem?.received }, impossible);
      assert.equal(plans.length, impossible.index);
      return;
    }
    assert.equal(problem, null);
    assert.deepEqual(
      plans.map((plan) => plan.outputs),
      shapes,
    );
    assert.deepEqual(
      plans.map((plan) => plan.weights),
      weights,
    );
    assert.equal(
      total,
      weights.reduce((/** @type {number} */ sum, /** @type {number} */ each) => sum + each, 0),
    );
  });
}

test("a layer that cannot follow says what it needs", () => {
  const codeOf = (/** @type {any[]} */ layers) => planNetwork(layers, [4, 4, 1], 10).problem;
  assert.equal(codeOf([{ kind: "dense", units: 3 }])?.code, "needs_row");
  assert.equal(codeOf([{ kind: "flatten" }, { kind: "max_pooling2d" }])?.code, "needs_picture");
  const small = codeOf([{ kind: "conv2d", filters: 2, kernel_size: 5 }]);
  assert.deepEqual([small?.code, small?.window], ["too_small", 5]);
});
