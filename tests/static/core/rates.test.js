import assert from "node:assert/strict";
import { test } from "node:test";
import { calmerRate, learningRateSteps, nextPlace, placeAmong, stepsWithin } from "../../../static/js/core/rates.js";

test("only steps the server accepts are offered", () => {
  assert.deepEqual(stepsWithin(learningRateSteps, { minimum: 0.01, maximum: 1 }), [0.01, 0.03, 0.1, 0.3, 1]);
});

for (const { value, place } of [
  { value: 0.00001, place: 0 },
  { value: 0.03, place: 5 },
  { value: 10, place: 10 },
  { value: 0, place: 0 },
  { value: 100, place: 10 },
]) {
  test(`a rate of ${value} stands at place ${place}`, () => assert.equal(placeAmong(learningRateSteps, value), place));
}

test("a rate between two steps stands between them, as far as their ratio says", () => {
  const place = placeAmong(learningRateSteps, Math.sqrt(0.03 * 0.1));
  assert.ok(Math.abs(place - 5.5) < 1e-9);
});

test("between nothing and the first step the distance counts", () => assert.equal(placeAmong([0, 0.5, 1], 0.25), 0.5));

for (const { before, now, place } of [
  { before: 5.4, now: 5.5, place: 6 },
  { before: 5.4, now: 5.3, place: 5 },
  { before: 5, now: 7, place: 7 },
]) {
  test(`a slider moved from ${before} to ${now} goes to ${place}`, () => assert.equal(nextPlace(before, now), place));
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
