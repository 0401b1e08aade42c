import assert from "node:assert/strict";
import { test } from "node:test";
import { likeliest, sharesOf, surestErrors } from "../../../static/js/core/picture-errors.js";

test("one unit answers for two classes", () => {
  assert.deepEqual(sharesOf([0.25], 1), [0.75, 0.25]);
  assert.deepEqual(sharesOf([0.1, 0.2, 0.7, 0.6, 0.3, 0.1], 3, 1), [0.6, 0.3, 0.1]);
});

test("the likeliest class is the first of equals", () => {
  assert.equal(likeliest([0.4, 0.4, 0.2]), 0);
  assert.equal(likeliest([0.1, 0.2, 0.7]), 2);
});

test("errors are listed with the surest first, right answers not at all", () => {
  const answers = [0.9, 0.1, 0.3, 0.7, 0.6, 0.4];
  const errors = surestErrors([1, 1, 1], [0, 1, 0], { answers, outputs: 2 }, 5);
  assert.deepEqual(errors, [
    { sample: 0, said: 0, truth: 1, share: 0.9 },
    { sample: 2, said: 0, truth: 1, share: 0.6 },
  ]);
  assert.equal(surestErrors([1, 1, 1], [0, 1, 0], { answers, outputs: 2 }, 1).length, 1);
});
