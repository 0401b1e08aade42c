import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  classRamps,
  colorOf,
  contrastOf,
  divergingRamp,
  fromOklab,
  legendGradient,
  paintClasses,
  paintValues,
  parseHex,
  rampIndex,
  toOklab,
  winnerAt,
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

const tokens = readFileSync(new URL("../../../static/css/tokens.css", import.meta.url), "utf8");
const palettes = ["blue-orange", "purple-green", "black-white"];

/**
 * The colours the page reads, from the style sheet itself.
 * @param {string} palette
 * @param {"light" | "dark"} scheme
 * @param {string} name
 */
function token(palette, scheme, name) {
  const own = tokens.split(`[data-palette="${palette}"] {`)[1]?.split("}")[0] ?? "";
  const pattern = new RegExp(`--${name}: var\\(--when-light, (#\\w+)\\) var\\(--when-dark, (#\\w+)\\)`);
  const [, light, dark] = own.match(pattern) ?? tokens.match(pattern) ?? [];
  return scheme === "light" ? light : dark;
}

/** @param {number} pixel */
const hexOf = (pixel) =>
  `#${[pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255].map((part) => part.toString(16).padStart(2, "0")).join("")}`;

for (const palette of palettes) {
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    const read = (/** @type {string} */ name) => token(palette, scheme, name);
    const shown = { negative: read("negative"), neutral: read("neutral"), positive: read("positive") };

    test(`${palette}, ${scheme}: both ends stand out from the card, at least 3:1`, () => {
      for (const end of [shown.negative, shown.positive]) assert.ok(contrastOf(end, read("card")) >= 3, end);
    });

    test(`${palette}, ${scheme}: the further from neutral, the more contrast, and half-certain is well seen`, () => {
      const contrasts = [...divergingRamp(shown)].map((pixel) => contrastOf(hexOf(pixel), shown.neutral));
      for (let index = 1; index < 256; index += 1) {
        const change = contrasts[index] - contrasts[index - 1];
        assert.ok(index <= 127 ? change < 0.06 : index === 128 || change > -0.06, `at ${index}: ${change}`);
      }
      for (const half of [64, 191]) assert.ok(contrasts[half] >= 1.3, `${half}: ${contrasts[half]}`);
    });

    test(`${palette}, ${scheme}: six classes have six colours that stand out from the card`, () => {
      const classes = [0, 1, 2, 3, 4, 5].map((index) => read(`class-${index}`));
      assert.equal(new Set(classes).size, 6);
      for (const color of classes) assert.ok(contrastOf(color, read("card")) >= 2, `${color}`);
    });
  }
}

test("black on white has the contrast of the definition", () => assert.equal(contrastOf("#000000", "#ffffff"), 21));

test("hatching marks every fourth diagonal of the negative side and leaves the positive side plain", () => {
  const hatched = divergingRamp({ ...colors, isHatched: true });
  const pixels = new Uint32Array(16);
  paintValues(new Array(16).fill(-1), hatched, pixels);
  const isLine = [...pixels].map((pixel) => pixel !== hatched[0]);
  assert.deepEqual(
    isLine,
    isLine.map((_unused, index) => ((index % 4) + Math.floor(index / 4)) % 4 === 0),
  );
  paintValues(new Array(16).fill(1), hatched, pixels);
  assert.deepEqual(new Set(pixels), new Set([hatched[255]]));
});

test("the legend of a hatched scale is hatched on its negative half only", () => {
  assert.match(legendGradient(divergingRamp({ ...colors, isHatched: true })), /left \/ 50% 100% no-repeat, linear/);
});

const three = { neutral: "#ffffff", classes: ["#e69f00", "#0072b2", "#009e73"] };
const ramps = classRamps(three);

test("of several classes the likeliest wins, by its lead over the next", () => {
  const { winner, lead } = winnerAt([[0.2], [0.5], [0.3]], 0);
  assert.equal(winner, 1);
  assert.ok(Math.abs(lead - 0.2) < 1e-12);
});

test("where a class is certain its full colour is shown, on a boundary the neutral one", () => {
  const pixels = new Uint32Array(4);
  const grids = [
    [1, 0, 0.5, 0],
    [0, 1, 0.5, 0],
    [0, 0, 0, 1],
  ];
  paintClasses(grids, ramps, pixels);
  const [first, second, boundary, third] = [...pixels].map(hexOf);
  assert.deepEqual([first, second, third], three.classes);
  assert.ok(contrastOf(boundary, three.neutral) < 1.01);
});

test("a discretized picture of classes shows winners in full colour, however small their lead", () => {
  const pixels = new Uint32Array(1);
  paintClasses([[0.34], [0.33], [0.33]], ramps, pixels, true);
  assert.equal(hexOf(pixels[0]), "#e69f00");
});

test("without hues, classes differ by their pattern", () => {
  const hatched = classRamps({ ...three, isHatched: true });
  const drawn = [0, 1, 2].map((winner) => {
    const pixels = new Uint32Array(64);
    const grids = [0, 1, 2].map((each) => new Array(64).fill(each === winner ? 1 : 0));
    paintClasses(grids, hatched, pixels);
    return [...pixels].map((pixel) => (pixel === hatched[winner][255] ? "#" : ".")).join("");
  });
  assert.equal(new Set(drawn).size, 3);
});
