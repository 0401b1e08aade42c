import assert from "node:assert/strict";
import { test } from "node:test";
import { principalPlaces } from "../../../static/js/core/pca.js";

test("points on a line of the plane are spread along one direction only, by their distances", () => {
  // On the line y = 2x through (1, 1): steps of length √5.
  const points = Float32Array.from([0, -1, 1, 1, 2, 3, 3, 5]);
  const { places, shares } = principalPlaces(points, 2);
  const along = [...places].filter((_value, index) => index % 2 === 0);
  const step = Math.sqrt(5);
  const sign = Math.sign(along[3] - along[0]);
  [-1.5, -0.5, 0.5, 1.5].forEach((place, index) => {
    assert.ok(Math.abs(along[index] * sign - place * step) < 1e-4);
  });
  assert.ok(Math.abs(shares[0] - 1) < 1e-6 && shares[1] < 1e-6);
});

test("a hand case: a cross whose arms are 3 and 1 long", () => {
  const points = Float32Array.from([3, 0, 0, -3, 0, 0, 0, 1, 0, 0, -1, 0]);
  const { places, shares } = principalPlaces(points, 3);
  assert.ok(Math.abs(Math.abs(places[0]) - 3) < 1e-4 && Math.abs(places[1]) < 1e-4);
  assert.ok(Math.abs(Math.abs(places[5]) - 1) < 1e-4 && Math.abs(places[4]) < 1e-4);
  assert.ok(Math.abs(shares[0] - 0.9) < 1e-5 && Math.abs(shares[1] - 0.1) < 1e-5);
});

test("points that are all the same lie on one place", () => {
  const { places, shares } = principalPlaces(new Float32Array(8).fill(2), 2);
  assert.ok(places.every((value) => value === 0));
  assert.deepEqual(shares, [0, 0]);
});

/** Ten thousand dimensions, of which one only differs from row to row. @param {number} rows */
function longRows(rows) {
  const columns = 10_000;
  const points = new Float32Array(rows * columns).fill(0.5);
  for (let row = 0; row < rows; row += 1) points[row * columns + 77] = row;
  return { points, columns };
}

test("of very many dimensions the widest direction is found, with its true distances and share", () => {
  const { points, columns } = longRows(6);
  const { places, shares } = principalPlaces(points, columns);
  const along = [...places].filter((_value, index) => index % 2 === 0);
  const sign = Math.sign(along[5] - along[0]);
  along.forEach((place, row) => {
    assert.ok(Math.abs(place * sign - (row - 2.5)) < 1e-3, `row ${row}: ${place}`);
  });
  assert.ok(Math.abs(shares[0] - 1) < 1e-3 && shares[1] < 1e-3);
});

test("rows may be as long as the largest layer", () => {
  const points = new Float32Array(2 * 131_072);
  points[5] = 3;
  const { places } = principalPlaces(points, 131_072);
  assert.ok(Math.abs(Math.abs(places[0] - places[2]) - 3) < 1e-4);
});

test("no row, one row and two rows have places, too", () => {
  for (const rows of [0, 1, 2]) {
    const { places, shares } = principalPlaces(longRows(rows).points, 10_000);
    assert.equal(places.length, rows * 2);
    assert.ok([...places, ...shares].every(Number.isFinite));
  }
});
