import assert from "node:assert/strict";
import { test } from "node:test";
import { createGridSizer, gridSizes } from "../../../static/js/inference/grid-size.js";

/** @param {number} elapsedMs @param {number} pictures @param {ReturnType<typeof createGridSizer>} sizer */
function draw(elapsedMs, pictures, sizer) {
  for (let index = 0; index < pictures; index += 1) sizer.learn(elapsedMs);
  return sizer.size();
}

test("pictures begin fine", () => assert.equal(createGridSizer().size(), gridSizes[0]));

test("one slow picture changes nothing", () => assert.equal(draw(400, 1, createGridSizer()), gridSizes[0]));

test("a slow machine gets coarser pictures, but never coarser than the coarsest", () => {
  assert.equal(draw(40, 12, createGridSizer()), gridSizes[1]);
  assert.equal(draw(40, 500, createGridSizer()), gridSizes.at(-1));
});

test("a machine that has become fast gets fine pictures again", () => {
  const sizer = createGridSizer();
  draw(40, 500, sizer);
  assert.equal(draw(1, 500, sizer), gridSizes[0]);
});

test("a time between slow and idle keeps the size", () => {
  const sizer = createGridSizer();
  draw(40, 12, sizer);
  assert.equal(draw(10, 500, sizer), gridSizes[1]);
});
