import assert from "node:assert/strict";
import { test } from "node:test";
import { rateCurve, rateShare, shownEpochs } from "../../../static/js/core/schedules.js";

const schedule = { name: "constant", every_epochs: 50, factor: 0.5, epochs: 300, final_fraction: 0.1 };
const step = { ...schedule, name: "step" };
const cosine = { ...schedule, name: "cosine" };

for (const { name, given, epoch, share } of [
  { name: "a constant rate stays", given: schedule, epoch: 10_000, share: 1 },
  { name: "the first step lasts to its last epoch", given: step, epoch: 50, share: 1 },
  { name: "the second step begins behind it", given: step, epoch: 51, share: 0.5 },
  { name: "each step multiplies again", given: step, epoch: 151, share: 0.125 },
  { name: "a cosine begins at the whole rate", given: cosine, epoch: 1, share: 1 },
  { name: "a cosine is in the middle half-way", given: cosine, epoch: 151, share: 0.55 },
  { name: "a cosine ends at its final share", given: cosine, epoch: 301, share: 0.1 },
  { name: "and stays there", given: cosine, epoch: 5000, share: 0.1 },
]) {
  test(name, () => assert.ok(Math.abs(rateShare(given, epoch) - share) < 1e-12));
}

test("the drawing shows four steps, or the whole descent and a little more", () => {
  assert.equal(shownEpochs(step), 200);
  assert.equal(shownEpochs(cosine), 360);
});

test("the drawing begins at the first epoch and ends at the last shown one", () => {
  const { epochs, shares } = rateCurve(step, 101);
  assert.equal(shares.length, 101);
  assert.deepEqual([shares[0], shares[100]], [1, rateShare(step, epochs)]);
});
