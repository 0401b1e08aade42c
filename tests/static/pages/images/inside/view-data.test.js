import assert from "node:assert/strict";
import { test } from "node:test";
import { insideAtFirst } from "../../../../../static/js/pages/images/inside/slice.js";
import { mapsData } from "../../../../../static/js/pages/images/inside/view-data.js";

const picture = Uint8Array.from([255, 0, 0, 255]);
const kernel = { height: 1, width: 1, strideY: 1, strideX: 1, padding: "valid" };
const layers = [
  { layer: 0, name: "a", kind: "Conv2D", activation: "relu", shape: [2, 2, 2], weights: 4, kernel },
  { layer: 1, name: "b", kind: "Conv2D", activation: "linear", shape: [2, 2, 1], weights: 3, kernel },
];

/** The first layer doubles and triples, the second takes the first map away from the second and adds a bias. */
const look = {
  picture,
  version: 5,
  maps: [Float32Array.from([2, 3, 0, 0, 0, 0, 2, 3]), Float32Array.from([1.5, 0.5, 0.5, 1.5])],
};

/** @param {any} inside @returns {any} */
const makeState = (inside) => ({
  translator: { orElse: (/** @type {string} */ _key, /** @type {string} */ other) => other },
  palette: {},
  ramp: new Uint32Array(256),
  samples: null,
  datasets: [{ name: "digits", classes: 10, shape: [2, 2, 1] }],
  spec: { dataset: { name: "digits" } },
  run: { spec: { dataset: { name: "digits" } } },
  data: { collections: [] },
  model: { runId: "r", version: 5, info: { shape: [2, 2, 1], outputs: 1, layers } },
  draw: { picture },
  inside: { ...insideAtFirst, look, ...inside },
});

const pointed = { layer: 1, unit: 0, x: 1, y: 1 };
const pointedKernel = { layer: 1, unit: 0, version: 5, kernel: Float32Array.from([-1, 1]), bias: 0.5 };

test("a number of a map is its patch times its kernel, plus the bias", () => {
  const { reading } = mapsData(makeState({ pointed, kernel: pointedKernel }));
  assert.equal(reading?.value, 1.5);
  assert.equal(reading?.sum?.sum, 1);
  assert.equal(reading?.sum?.bias, 0.5);
  assert.equal(reading?.sum?.before, reading?.value);
});

test("of many input maps the one that counts most is shown", () => {
  const { reading } = mapsData(makeState({ pointed, kernel: pointedKernel }));
  assert.equal(reading?.sum?.channel, 1);
  assert.deepEqual([...(reading?.sum?.patch ?? [])], [3]);
  assert.deepEqual([...(reading?.sum?.kernel ?? [])], [1]);
});

test("the kernel of older weights explains nothing", () => {
  const { reading } = mapsData(makeState({ pointed, kernel: { ...pointedKernel, version: 4 } }));
  assert.equal(reading?.sum, null);
  assert.equal(reading?.value, 1.5);
});

test("nothing is read while nothing is pointed at, or without a picture", () => {
  assert.equal(mapsData(makeState({})).reading, null);
  const blank = { ...makeState({ pointed }), draw: { picture: null } };
  assert.equal(mapsData(blank).look, null);
});
