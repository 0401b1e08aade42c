import assert from "node:assert/strict";
import { test } from "node:test";
import { activate, activationPath } from "../../../static/js/core/activations.js";

test("activations are those of Keras", () => {
  assert.equal(activate("relu", -2), 0);
  assert.equal(activate("linear", -2), -2);
  assert.equal(activate("sigmoid", 0), 0.5);
  assert.ok(Math.abs((activate("tanh", 1) ?? 0) - 0.7615942) < 1e-6);
  assert.ok(Math.abs((activate("elu", -1) ?? 0) + 0.6321206) < 1e-6);
  assert.ok(Math.abs((activate("gelu", 1) ?? 0) - 0.8411919) < 1e-3);
});

test("a softmax has no curve of its own: it looks at all sums", () => {
  assert.equal(activate("softmax", 1), null);
  assert.equal(activationPath("softmax", 40, 20), "");
});

test("the curve of a ReLU lies on the middle line, then rises", () => {
  const points = activationPath("relu", 48, 24).slice(1).split("L");
  assert.equal(points[0], "0.0 12.0");
  assert.equal(points[12], "24.0 12.0");
  assert.equal(points[24], "48.0 0.0");
});
