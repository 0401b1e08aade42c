import assert from "node:assert/strict";
import { test } from "node:test";
import { findingOf, normPlace, roughly, updateVerdict } from "../../../static/js/core/gradient-report.js";

const layers = (/** @type {(number | null)[]} */ ...norms) => norms.map((norm) => ({ norm }));

test("a norm has its place on an axis of twelve decades", () => {
  assert.equal(normPlace(1e-8), 0);
  assert.equal(normPlace(1e-2), 0.5);
  assert.equal(normPlace(1e4), 1);
  assert.deepEqual([normPlace(0), normPlace(1e9), normPlace(null), normPlace(NaN)], [0, 1, 1, 1]);
});

test("an update of about a thousandth of the weights is healthy", () => {
  const ratios = [0, 5e-5, 1e-4, 1e-3, 1e-2, 0.02, null, Infinity];
  const verdicts = ["still", "slow", "healthy", "healthy", "healthy", "fast", "unknown", "unknown"];
  assert.deepEqual(ratios.map(updateVerdict), verdicts);
});

test("a first layer that learns a hundred times slower than the last is found, with how many times", () => {
  assert.deepEqual(findingOf(layers(1e-5, 0.01, 0.1)), { kind: "vanishing", times: 0.1 / 1e-5 });
  assert.deepEqual(findingOf(layers(1e-3, 0.1)), { kind: "fine" });
  assert.deepEqual(findingOf(layers(0.5)), { kind: "fine" });
});

test("a first layer that gets no gradient at all learns endlessly slower", () => {
  assert.deepEqual(findingOf(layers(0, 0.1)), { kind: "vanishing", times: Infinity });
});

test("gradients beyond a thousand explode, and so do those that are no numbers any more", () => {
  assert.deepEqual(findingOf(layers(0.1, 2000)), { kind: "exploding", norm: 2000 });
  assert.deepEqual(findingOf(layers(0.1, null)), { kind: "exploding", norm: Infinity });
});

test("when no layer has a gradient, nothing is learned", () => {
  assert.deepEqual(findingOf(layers(0, 0)), { kind: "gone" });
});

test("times are told with one digit that counts", () => {
  assert.deepEqual([9821, 12_345, 140, Infinity].map(roughly), [10_000, 10_000, 100, Infinity]);
});
