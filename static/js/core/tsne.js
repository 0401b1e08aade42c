/**
 * Points of many dimensions on a plane, so that neighbours stay neighbours (t-SNE; van der Maaten and Hinton, 2008). Exact,
 * for some hundred points, in pieces: whoever asks decides how long each piece takes.
 */

import { principalPlaces } from "./pca.js";
import { projected } from "./projection.js";

/** Iterations in which groups are pulled together more than they should, so that they find each other. */
const gathering = Object.freeze({ iterations: 100, times: 4 });
const rate = 100;
const smallest = 1e-12;

/** @param {Float32Array} points @param {number} columns @returns {Float64Array} squared distances, shape [rows, rows] */
function distancesOf(points, columns) {
  const rows = points.length / columns;
  const squares = new Float64Array(rows * rows);
  for (let one = 0; one < rows; one += 1) {
    for (let other = one + 1; other < rows; other += 1) {
      let sum = 0;
      for (let column = 0; column < columns; column += 1) {
        const difference = points[one * columns + column] - points[other * columns + column];
        sum += difference * difference;
      }
      squares[one * rows + other] = sum;
      squares[other * rows + one] = sum;
    }
  }
  return squares;
}

/**
 * How near each other point is to one, as shares of 1.
 * @param {Float64Array} squares of this row
 * @param {number} self
 * @param {number} precision
 * @returns {{shares: Float64Array, entropy: number}}
 */
function sharesAt(squares, self, precision) {
  const nearest = squares.reduce((least, value, index) => (index === self ? least : Math.min(least, value)), Infinity);
  const shares = squares.map((square, index) => (index === self ? 0 : Math.exp((nearest - square) * precision)));
  // One point alone has no neighbours to share with.
  const sum = shares.reduce((total, share) => total + share, 0) || 1;
  let entropy = 0;
  shares.forEach((share, index) => {
    shares[index] = share / sum;
    if (share > 0) entropy -= (share / sum) * Math.log(share / sum);
  });
  return { shares, entropy };
}

/** So many neighbours count. @param {Float64Array} squares @param {number} self @param {number} neighbours */
function sharesOf(squares, self, neighbours) {
  const wanted = Math.log(neighbours);
  let [low, high, precision] = [0, Infinity, 1];
  let found = sharesAt(squares, self, precision);
  for (let round = 0; round < 50 && Math.abs(found.entropy - wanted) > 1e-4; round += 1) {
    if (found.entropy > wanted) low = precision;
    else high = precision;
    precision = high === Infinity ? precision * 2 : (low + high) / 2;
    found = sharesAt(squares, self, precision);
  }
  return found.shares;
}

/** @param {Float32Array} points @param {number} columns @param {number} neighbours @returns {Float64Array} shape [rows, rows], symmetric, sum 1 */
function nearnessOf(points, columns, neighbours) {
  const rows = points.length / columns;
  const squares = distancesOf(points, columns);
  const shares = Array.from({ length: rows }, (_unused, row) =>
    sharesOf(squares.subarray(row * rows, (row + 1) * rows), row, neighbours),
  );
  return squares.map((_square, index) => {
    const [one, other] = [Math.floor(index / rows), index % rows];
    return Math.max((shares[one][other] + shares[other][one]) / (2 * rows), smallest);
  });
}

/** Begins where the points are spread widest, very small. @param {Float32Array} points @param {number} columns */
function firstPlaces(points, columns) {
  const { places } = principalPlaces(points, columns);
  const widest = places.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return Float64Array.from(places, (value) => (value / widest) * 1e-2);
}

/** @param {Float64Array} places shape [rows, 2] @returns {{pulls: Float64Array, sum: number}} 1 / (1 + distance²) of each pair */
function pullsOf(places) {
  const rows = places.length / 2;
  const pulls = new Float64Array(rows * rows);
  let sum = 0;
  for (let one = 0; one < rows; one += 1) {
    for (let other = one + 1; other < rows; other += 1) {
      const [dx, dy] = [places[2 * one] - places[2 * other], places[2 * one + 1] - places[2 * other + 1]];
      const pull = 1 / (1 + dx * dx + dy * dy);
      pulls[one * rows + other] = pull;
      pulls[other * rows + one] = pull;
      sum += 2 * pull;
    }
  }
  return { pulls, sum: sum || 1 };
}

/** @param {Float64Array} nearness @param {Float64Array} places @param {number} times @returns {Float64Array} slope of each place */
function slopesOf(nearness, places, times) {
  const rows = places.length / 2;
  const { pulls, sum } = pullsOf(places);
  const slopes = new Float64Array(places.length);
  for (let one = 0; one < rows; one += 1) {
    for (let other = 0; other < rows; other += 1) {
      const pull = pulls[one * rows + other];
      const force = 4 * (times * nearness[one * rows + other] - pull / sum) * pull;
      slopes[2 * one] += force * (places[2 * one] - places[2 * other]);
      slopes[2 * one + 1] += force * (places[2 * one + 1] - places[2 * other + 1]);
    }
  }
  return slopes;
}

/** A neighbourhood is never larger than a third of all points. @param {number} rows */
const usualNeighbours = (rows) => Math.max(2, Math.min(30, (rows - 1) / 3));

/**
 * @param {Float32Array} given shape [rows, width]
 * @param {number} width
 * @returns {{step: (iterations: number) => void, iterations: () => number, places: () => Float32Array}} places: shape [rows, 2]
 */
export function createNeighbourMap(given, width) {
  const { points, columns } = projected(given, width);
  const nearness = nearnessOf(points, columns, usualNeighbours(points.length / columns));
  const places = firstPlaces(points, columns);
  const speeds = new Float64Array(places.length);
  const gains = new Float64Array(places.length).fill(1);
  let done = 0;

  function move() {
    const slopes = slopesOf(nearness, places, done < gathering.iterations ? gathering.times : 1);
    const momentum = done < gathering.iterations ? 0.5 : 0.8;
    for (let index = 0; index < places.length; index += 1) {
      const isTurning = Math.sign(slopes[index]) === Math.sign(speeds[index]);
      gains[index] = Math.max(0.01, isTurning ? gains[index] * 0.8 : gains[index] + 0.2);
      speeds[index] = momentum * speeds[index] - rate * gains[index] * slopes[index];
      places[index] += speeds[index];
    }
    done += 1;
  }

  return {
    step(iterations) {
      for (let iteration = 0; iteration < iterations; iteration += 1) move();
    },
    iterations: () => done,
    places: () => Float32Array.from(places),
  };
}
