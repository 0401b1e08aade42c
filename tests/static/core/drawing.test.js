import assert from "node:assert/strict";
import { test } from "node:test";
import { inkOfDrawing, paintedPicture } from "../../../static/js/core/drawing.js";
import { boxOf, centreOfMass } from "../../../static/js/core/strokes.js";

const asMnist = /** @type {const} */ ({ width: 28, height: 28, fit: "mass" });
const asDigits = /** @type {const} */ ({ width: 8, height: 8, fit: "block" });
const asDrawn = /** @type {const} */ ({ width: 32, height: 32, fit: "frame" });

/** A seven: a bar and a slanted leg. @param {number} x @param {number} y @param {number} size */
const seven = (x, y, size) => [
  [
    { x, y },
    { x: x + 0.7 * size, y },
    { x: x + 0.25 * size, y: y + size },
  ],
];

/** @param {Float32Array | null} ink @param {number} width */
function inkedBox(ink, width) {
  const points = [...(ink ?? [])].flatMap((value, index) =>
    value > 0.02 ? [{ x: index % width, y: Math.floor(index / width) }] : [],
  );
  const box = boxOf([points]);
  return { width: (box?.width ?? 0) + 1, height: (box?.height ?? 0) + 1 };
}

test("a blank sheet is no picture", () => {
  for (const wanted of [asMnist, asDigits, asDrawn]) assert.equal(inkOfDrawing([], wanted), null);
});

for (const [name, x, y, size] of /** @type {[string, number, number, number][]} */ ([
  ["large", 0.1, 0.05, 0.9],
  ["small in a corner", 0.7, 0.7, 0.25],
])) {
  test(`the centre of mass of a ${name} digit ends at the middle, as in MNIST`, () => {
    const ink = /** @type {Float32Array} */ (inkOfDrawing(seven(x, y, size), asMnist));
    const mass = centreOfMass(ink, 28);
    assert.ok(Math.abs((mass?.x ?? 0) - 14.5) < 0.05, `x ${mass?.x}`);
    assert.ok(Math.abs((mass?.y ?? 0) - 14.5) < 0.05, `y ${mass?.y}`);
  });

  test(`a ${name} digit fills a box of 20 pixels, as in MNIST`, () => {
    const { width, height } = inkedBox(inkOfDrawing(seven(x, y, size), asMnist), 28);
    assert.ok(height >= 19 && height <= 22, `height ${height}`);
    assert.ok(width < height);
  });

  test(`a ${name} digit fills the whole height of the small digits, with their usual amount of ink`, () => {
    const ink = /** @type {Float32Array} */ (inkOfDrawing(seven(x, y, size), asDigits));
    assert.equal(inkedBox(ink, 8).height, 8);
    const share = ink.reduce((sum, value) => sum + value, 0) / 64;
    assert.ok(Math.abs(share - 0.28) < 0.03, `ink ${share}`);
  });
}

test("the same digit gives the same picture wherever and however large it is drawn", () => {
  const [large, small] = [seven(0.1, 0.05, 0.9), seven(0.6, 0.6, 0.3)].map((strokes) => inkOfDrawing(strokes, asMnist));
  large?.forEach((value, pixel) => {
    assert.ok(Math.abs(value - (small?.[pixel] ?? 0)) < 0.02);
  });
});

test("a line that leans stands upright among the small digits", () => {
  const leaning = [
    [
      { x: 0.7, y: 0.2 },
      { x: 0.4, y: 0.8 },
    ],
  ];
  const ink = /** @type {Float32Array} */ (inkOfDrawing(leaning, asDigits));
  const columns = Array.from({ length: 8 }, (_unused, column) =>
    ink.reduce((sum, value, pixel) => (pixel % 8 === column ? sum + value : sum), 0),
  );
  assert.ok(columns[3] + columns[4] > 0.8 * columns.reduce((sum, value) => sum + value, 0));
});

test("a dot stays a dot", () => {
  const ink = /** @type {Float32Array} */ (inkOfDrawing([[{ x: 0.2, y: 0.9 }]], asMnist));
  assert.ok(inkedBox(ink, 28).width <= 5);
  assert.ok(Math.max(...ink) > 0.9);
});

test("lines have soft edges", () => {
  const ink = /** @type {Float32Array} */ (inkOfDrawing(seven(0.1, 0.1, 0.8), asMnist));
  assert.ok(ink.some((value) => value > 0.2 && value < 0.8));
  assert.ok(ink.every((value) => value >= 0 && value <= 1));
});

test("on other pictures a line stays where it was drawn", () => {
  const ink = /** @type {Float32Array} */ (inkOfDrawing([[{ x: 0.25, y: 0.75 }]], asDrawn));
  const mass = centreOfMass(ink, 32);
  assert.ok(Math.abs((mass?.x ?? 0) - 8) < 0.1 && Math.abs((mass?.y ?? 0) - 24) < 0.1);
});

test("what is drawn on a photo covers it, and the rest of it stays", () => {
  const below = Uint8Array.from([10, 20, 30, 40, 50, 60]);
  const picture = paintedPicture(Float32Array.from([0, 1]), { channels: 3, inks: { ink: 255, paper: 0 }, below });
  assert.deepEqual([...picture], [10, 20, 30, 255, 255, 255]);
});
