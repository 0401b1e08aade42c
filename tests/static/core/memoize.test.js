import assert from "node:assert/strict";
import { test } from "node:test";
import { memoizeLast } from "../../../static/js/core/memoize.js";

test("the same question gets the same object without computing again", () => {
  let computed = 0;
  const double = memoizeLast((/** @type {number} */ value) => {
    computed += 1;
    return { value: value * 2 };
  });
  assert.equal(double(2), double(2));
  assert.deepEqual(double(3), { value: 6 });
  assert.deepEqual(double(2), { value: 4 });
  assert.equal(computed, 3);
});
