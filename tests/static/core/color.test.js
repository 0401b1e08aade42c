import assert from "node:assert/strict";
import { test } from "node:test";
import {
  colorOf,
  divergingRamp,
  fromOklab,
  legendGradient,
  paintValues,
  parseHex,
  rampIndex,
  toOklab,
} from "../../../static/js/core/color.js";

const colors = { negative: "#e07b16", neutral: "#f4f2ec", positive: "#1f78b4" };
const ramp = divergingRamp(colors);

test("the ends of the scale are the colours that were asked for", () => {
  assert.equal(colorOf(ramp, -1), "rgb(224 123 22)");
  assert.equal(colorOf(ramp, 1), "rgb(31 120 180)");
});

test("the middle of the scale is the neutral colour", () => {
  const [r, g, b] = (colorOf(ramp, 0).match(/\d+/g) ?? []).map(Number);
  assert.ok(Math.abs(r - 0xf4) <= 2 && Math.abs(g - 0xf2) <= 2 && Math.abs(b - 0xec) <= 2);
});

test("lightness falls steadily from the middle to both ends, so half-certain looks half-certain", () => {
  const lightness = [...ramp].map((pixel) => toOklab([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255])[0]);
  for (let index = 1; index < 256; index += 1) {
    const change = lightness[index] - lightness[index - 1];
    assert.ok(index < 128 ? change > -0.004 : change < 0.004, `at ${index}: ${change}`);
  }
});

for (const { name, rgb, lab } of [
  // Oracle: the table of pairs on the page that defines OKLab is given for XYZ; these are sRGB white and red computed with it.
  { name: "white", rgb: [255, 255, 255], lab: [1, 0, 0] },
  { name: "red", rgb: [255, 0, 0], lab: [0.628, 0.2249, 0.1258] },
]) {
  test(`${name} has the OKLab values of the definition, there and back`, () => {
    const found = toOklab(/** @type {[number, number, number]} */ (rgb));
    for (const index of [0, 1, 2]) assert.ok(Math.abs(found[index] - lab[index]) < 0.001, `${found}`);
    assert.deepEqual(fromOklab(found), rgb);
  });
}

for (const { value, index } of [
  { value: -7, index: 0 },
  { value: -1, index: 0 },
  { value: 1, index: 255 },
  { value: Number.POSITIVE_INFINITY, index: 255 },
  { value: Number.NaN, index: 128 },
]) {
  test(`${value} has place ${index} on the scale`, () => assert.equal(rampIndex(value), index));
}

test("a discretized picture has only the two end colours, and zero counts as positive", () => {
  const pixels = new Uint32Array(3);
  paintValues([-0.01, 0, 0.4], ramp, pixels, true);
  assert.deepEqual([...pixels], [ramp[0], ramp[255], ramp[255]]);
});

test("every pixel is opaque", () => assert.ok([...ramp].every((pixel) => pixel >>> 24 === 255)));

test("the legend runs from the negative to the positive end", () => {
  assert.match(legendGradient(ramp), /^linear-gradient\(90deg, rgb\(224 123 22\).*rgb\(31 120 180\)\)$/);
});

test("a colour that cannot be read is named in the error", () => {
  assert.throws(() => parseHex("orange"), /"orange": expected the form #rrggbb/);
});
