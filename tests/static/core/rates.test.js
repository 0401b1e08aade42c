import assert from "node:assert/strict";
import { test } from "node:test";
import { calmerRate, learningRateSteps, nearestStep, stepsWithin } from "../../../static/js/core/rates.js";

test("only steps the server accepts are offered", () => {
  assert.deepEqual(stepsWithin(learningRateSteps, { minimum: 0.01, maximum: 1 }), [0.01, 0.03, 0.1, 0.3, 1]);
});

for (const { rate, step } of [
  { rate: 0.03, step: 0.03 },
  { rate: 0.02, step: 0.03 },
  { rate: 0.0005, step: 0.001 },
  { rate: 100, step: 10 },
  { rate: 0, step: 0.00001 },
]) {
  test(`a rate of ${rate} is shown at the step ${step}`, () => {
    assert.equal(learningRateSteps[nearestStep(learningRateSteps, rate)], step);
  });
}

for (const { rate, calmer } of [
  { rate: 10, calmer: 1 },
  { rate: 0.03, calmer: 0.003 },
  { rate: 0.0001, calmer: 0.00001 },
  { rate: 0.00001, calmer: 0.000001 },
]) {
  test(`after diverging at ${rate} the next try is ${calmer}`, () => {
    assert.ok(Math.abs(calmerRate(learningRateSteps, rate) / calmer - 1) < 1e-9);
  });
}
