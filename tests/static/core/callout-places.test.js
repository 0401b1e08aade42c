import assert from "node:assert/strict";
import { test } from "node:test";
import { calloutPlaces } from "../../../static/js/core/callout-places.js";
import { lineAt, linesBetween } from "../../../static/js/core/connections.js";
import { networkLayout } from "../../../static/js/core/network-layout.js";

const size = { width: 150, height: 60 };

/** @param {number[]} units @param {{width?: number, height?: number}} room */
function drawingOf(units, room = {}) {
  const layout = networkLayout({ width: 775, height: 366, inputCount: 7, units, outputs: 1, coarse: false, ...room });
  return { layout, lines: linesBetween([layout.inputs.slice(0, 2), ...layout.layers, layout.outputs]) };
}

test("the default network has room for both notes", () => {
  const { unit, lines } = calloutPlaces(drawingOf([4, 2]), size);
  assert.ok(unit && lines);
});

for (const units of [[4, 2], [3], [8, 8], [2, 2, 2], [16, 1]]) {
  test(`no note of a network of ${units} touches a line, a tile or the other note`, () => {
    const drawing = drawingOf(units);
    const { unit, lines } = calloutPlaces(drawing, size);
    const { layout } = drawing;
    for (const box of [unit, lines]) {
      if (!box) continue;
      assert.ok(box.left >= 0 && box.right <= layout.width && box.bottom <= layout.height);
      for (const line of drawing.lines) {
        for (let x = box.left; x <= box.right; x += 3) {
          const at = lineAt(line, layout.tile, x);
          assert.ok(!at || at.y < box.top || at.y > box.bottom, `a line crosses the note at ${x}`);
        }
      }
    }
    if (unit && lines)
      assert.ok(
        unit.right < lines.left || lines.right < unit.left || unit.bottom < lines.top || lines.bottom < unit.top,
      );
  });
}

test("a crowded network has no notes", () => {
  assert.deepEqual(calloutPlaces(drawingOf([8, 8, 8, 8, 8, 8]), size), { unit: null, lines: null });
});
