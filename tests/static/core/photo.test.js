import assert from "node:assert/strict";
import { test } from "node:test";
import { channelsOf, digitOnPhoto, lightOnDark, shrunkPicture } from "../../../static/js/core/photo.js";
import { centreOfMass } from "../../../static/js/core/strokes.js";

const side = 56;

/** A thick bar on paper, as grey numbers. @param {number} paper @param {number} ink */
function photoOfOne(paper, ink) {
  return Float32Array.from({ length: side * side }, (_unused, pixel) => {
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    return x >= 10 && x < 15 && y >= 20 && y < 50 ? ink : paper;
  });
}

test("ink on bright paper becomes light on dark, and light on dark stays so", () => {
  for (const photo of [photoOfOne(230, 40), photoOfOne(20, 250)]) {
    const ink = lightOnDark(photo, side);
    assert.equal(ink[0], 0);
    assert.equal(ink[30 * side + 12], 1);
  }
});

test("a digit on a photo comes to the middle by its mass, and fills 20 of 28 pixels", () => {
  const ink = /** @type {Float32Array} */ (digitOnPhoto(photoOfOne(230, 40), side, { width: 28, fit: "mass" }));
  const mass = centreOfMass(ink, 28);
  assert.ok(Math.abs((mass?.x ?? 0) - 14.5) < 0.3 && Math.abs((mass?.y ?? 0) - 14.5) < 0.3);
  const rows = Array.from({ length: 28 }, (_unused, row) => ink[row * 28 + 14] > 0.5).filter(Boolean);
  assert.ok(rows.length >= 19 && rows.length <= 21, `${rows.length} rows`);
});

test("a digit on a photo fills the whole height of the small digits", () => {
  const ink = /** @type {Float32Array} */ (digitOnPhoto(photoOfOne(230, 40), side, { width: 8, fit: "block" }));
  assert.ok(ink[3] + ink[4] > 0.5);
  assert.ok(ink[56 + 3] + ink[56 + 4] > 0.5);
});

test("paper with shadows only is blank", () => {
  const shaded = Float32Array.from({ length: side * side }, (_unused, pixel) => 200 + (pixel % 20));
  assert.equal(digitOnPhoto(shaded, side, { width: 28, fit: "mass" }), null);
});

test("what is transparent lies on white", () => {
  assert.deepEqual([...channelsOf([0, 0, 0, 0, 255, 0, 0, 255], 3)], [255, 255, 255, 255, 0, 0]);
  assert.ok(Math.abs(channelsOf([0, 0, 0, 0], 1)[0] - 255) < 1e-3);
});

test("a photo shrinks to the mean of each block, colour by colour", () => {
  const fine = Float32Array.from([0, 100, 10, 100, 20, 100, 30, 100]);
  const sizes = { width: 1, height: 1, channels: 2, times: 2 };
  assert.deepEqual([...shrunkPicture(fine, sizes)], [15, 100]);
});
