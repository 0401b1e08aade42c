import assert from "node:assert/strict";
import { test } from "node:test";
import { fittingLosses, lossOf, withFittingLoss } from "../../../static/js/state/losses.js";
import { makeSpec } from "../builders.js";

test("numbers have no cross-entropy", () => assert.deepEqual(fittingLosses(null), ["auto", "mse", "mae", "huber"]));

test("each number of classes has its own cross-entropy", () => {
  assert.ok(fittingLosses(2).includes("binary_crossentropy"));
  assert.ok(fittingLosses(3).includes("categorical_crossentropy"));
  assert.ok(!fittingLosses(3).includes("binary_crossentropy"));
});

for (const { loss, classes, used } of [
  { loss: "auto", classes: null, used: "mse" },
  { loss: "auto", classes: 2, used: "binary_crossentropy" },
  { loss: "auto", classes: 6, used: "categorical_crossentropy" },
  { loss: "mae", classes: 2, used: "mae" },
]) {
  test(`${loss} with ${classes ?? "no"} classes is ${used}`, () =>
    assert.equal(lossOf(makeSpec({ loss }), classes), used));
}

for (const { loss, classes, fitting } of [
  { loss: "binary_crossentropy", classes: 4, fitting: "categorical_crossentropy" },
  { loss: "categorical_crossentropy", classes: 2, fitting: "binary_crossentropy" },
  { loss: "binary_crossentropy", classes: null, fitting: "auto" },
]) {
  test(`${loss} becomes ${fitting} when there are ${classes ?? "no"} classes`, () =>
    assert.equal(withFittingLoss(makeSpec({ loss }), classes).loss, fitting));
}

test("a spec whose loss fits stays the very same", () => {
  const spec = makeSpec({ loss: "huber" });
  assert.equal(withFittingLoss(spec, 3), spec);
});
