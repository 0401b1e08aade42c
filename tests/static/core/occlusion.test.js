import assert from "node:assert/strict";
import { test } from "node:test";
import { hiddenPictures, occlusionMap, patchPlaces, patchSide } from "../../../static/js/core/occlusion.js";

const shape = { width: 10, height: 10, channels: 1 };

test("the patches cover every pixel, up to the last row and column", () => {
  const patch = patchSide(shape);
  const covered = new Set();
  for (const { x, y } of patchPlaces(shape)) {
    for (let row = y; row < y + patch; row += 1)
      for (let column = x; column < x + patch; column += 1) covered.add(row * 10 + column);
  }
  assert.equal(covered.size, 100);
  assert.ok([...covered].every((pixel) => pixel < 100));
});

test("a patch hides its place and nothing else, in all colours", () => {
  const colored = { width: 3, height: 2, channels: 3 };
  const [picture] = [Uint8Array.from({ length: 18 }, (_unused, index) => index)];
  const hidden = hiddenPictures(picture, colored, [{ x: 1, y: 0 }]);
  assert.deepEqual([...hidden.subarray(0, 9)], [0, 1, 2, 128, 128, 128, 128, 128, 128]);
  assert.deepEqual([...hidden.subarray(9, 12)], [9, 10, 11]);
});

test("of a network that looks at one pixel only, the map is highest around that pixel", () => {
  const picture = new Uint8Array(100);
  const looked = 4 * 10 + 6;
  picture[looked] = 255;
  const places = patchPlaces(shape);
  const pictures = hiddenPictures(picture, shape, places);
  const answer = (/** @type {number} */ index) => pictures[index * 100 + looked] / 255;
  const map = occlusionMap(
    shape,
    places,
    places.map((_place, index) => 1 - answer(index)),
  );
  assert.equal(map.indexOf(Math.max(...map)), looked);
  assert.equal(map[0], 0);
});
