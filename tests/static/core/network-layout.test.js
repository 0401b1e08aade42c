import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionPath, networkLayout } from "../../../static/js/core/network-layout.js";

/** @param {Partial<import("../../../static/js/core/network-layout.js").Room>} room */
const layoutOf = (room) =>
  networkLayout({ width: 720, height: 420, inputCount: 7, units: [4, 2], outputs: 1, coarse: false, ...room });

const largest = Array(8).fill(16);

test("the default network fills the room it is given and no more", () => {
  const layout = layoutOf({});
  assert.equal(layout.width, 720);
  assert.equal(layout.height, 420);
});

test("columns stand from left to right at equal distances", () => {
  const { inputs, layers, outputs } = layoutOf({ units: [4, 2, 3] });
  const columns = [inputs[0].x, ...layers.map((layer) => layer[0].x), outputs[0].x];
  const gaps = columns.slice(1).map((x, index) => x - columns[index]);
  assert.ok(gaps.every((gap) => gap > 0 && Math.abs(gap - gaps[0]) < 1e-9));
});

for (const { name, units, coarse, outputs = 1 } of [
  { name: "the default network", units: [4, 2], coarse: false },
  { name: "a network without hidden layers", units: [], coarse: false },
  { name: "the largest network", units: largest, coarse: false },
  { name: "the largest network under fingers", units: largest, coarse: true },
  { name: "a network of six classes without hidden layers", units: [], coarse: false, outputs: 6 },
  { name: "a network of six classes under fingers", units: [2], coarse: true, outputs: 6 },
]) {
  test(`no two tiles of ${name} overlap and none leaves the drawing`, () => {
    const layout = layoutOf({ units, coarse, outputs, width: 326 });
    const columns = [layout.inputs, ...layout.layers, layout.outputs];
    for (const column of columns) {
      column.forEach(({ x, y }, index) => {
        assert.ok(x - layout.tile / 2 >= 0 && x + layout.tile / 2 <= layout.width);
        assert.ok(y - layout.tile / 2 >= 0 && y + layout.tile / 2 <= layout.height);
        if (index) assert.ok(y - column[index - 1].y >= layout.tile, `${y - column[index - 1].y} < ${layout.tile}`);
      });
    }
  });
}

test("a finger finds tiles of at least 44 pixels and room for two buttons above each layer", () => {
  const layout = layoutOf({ units: largest, coarse: true, width: 326 });
  assert.ok(layout.tile >= 44);
  assert.ok(layout.spacing >= 2 * 44 + 20);
});

test("a network too large for its card makes the drawing larger instead of the tiles unusable", () => {
  const layout = layoutOf({ units: largest, width: 326, height: 300 });
  assert.ok(layout.width > 326 && layout.height > 300);
  assert.ok(layout.tile >= 18);
});

test("the buttons of a layer stand below its name only where there is no room beside it", () => {
  assert.equal(layoutOf({ units: [4, 2] }).isStacked, true);
  assert.equal(layoutOf({ units: [4, 2], width: 900 }).isStacked, false);
  const first = (/** @type {number} */ width) => layoutOf({ units: [16, 16], inputCount: 1, width }).layers[0][0];
  assert.ok(first(720).y > first(900).y, "the tiles make room");
});

test("each class has a final unit of its own", () => {
  const { outputs } = layoutOf({ outputs: 3 });
  assert.equal(outputs.length, 3);
  assert.ok(outputs[0].y < outputs[1].y && outputs[0].x === outputs[2].x);
});

test("a column is centred on the same height as the others", () => {
  const { inputs, layers, outputs } = layoutOf({});
  const middle = (/** @type {{y: number}[]} */ column) => column.reduce((sum, { y }) => sum + y, 0) / column.length;
  for (const column of [...layers, outputs]) assert.ok(Math.abs(middle(column) - middle(inputs)) < 1e-9);
});

test("a connection leaves and arrives level, from side to side of the tiles", () => {
  assert.equal(connectionPath({ x: 20, y: 10 }, { x: 120, y: 50 }, 40), "M40.0 10.0C70.0 10.0 70.0 50.0 100.0 50.0");
});
