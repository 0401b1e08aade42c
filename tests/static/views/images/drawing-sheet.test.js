import assert from "node:assert/strict";
import { test } from "node:test";
import { pointOf } from "../../../../static/js/views/images/drawing-sheet.js";

const canvas = {
  getBoundingClientRect: () => /** @type {DOMRect} */ ({ left: 100, top: 50, width: 200, height: 200 }),
};

test("a pointer's place is a share of the sheet, and outside it the edge", () => {
  assert.deepEqual(pointOf(canvas, { clientX: 150, clientY: 200 }), { x: 0.25, y: 0.75 });
  assert.deepEqual(pointOf(canvas, { clientX: -900, clientY: 900 }), { x: 0, y: 1 });
});
