import assert from "node:assert/strict";
import { test } from "node:test";
import { divergingRamp } from "../../../../static/js/core/color.js";
import { createTranslator } from "../../../../static/js/i18n/i18n.js";
import { dataAtFirst } from "../../../../static/js/pages/data/slice.js";
import { outputPictureData } from "../../../../static/js/pages/output/view-data.js";
import { makeSpec } from "../../builders.js";

const palette = /** @type {any} */ ({
  name: "blue-orange",
  diverging: { negative: "#e07b16", neutral: "#f4f2ec", positive: "#1f78b4" },
  classes: ["#e69f00", "#0072b2", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"],
  curve: {},
});
const datasets = [
  { name: "circle", problem: "classification", classes: 2, takes_points: true },
  { name: "blobs", problem: "classification", classes: 3, limits: { classes: [2, 6] }, takes_points: true },
  { name: "curve", kind: "curve", problem: "regression", classes: null },
];
const relu = [{ kind: "dense", units: 1, activation: "relu" }];
const curveSpec = makeSpec({ dataset: { ...makeSpec().dataset, name: "curve" }, features: ["x1"], layers: relu });
const curve = {
  kind: "curve",
  spec: curveSpec,
  size: 3,
  large: [new Float32Array([1, 2, 3])],
  outputs: [new Float32Array([1, 2, 3])],
  focus: null,
  tileSize: 3,
  tiles: [[new Float32Array([0, 0, 2])], [new Float32Array([1, 2, 3])]],
  layers: [{}, { kernel: new Float32Array([-1]) }],
};
const onLine = {
  train: { features: [[0]], labels: [3] },
  val: { features: [[1]], labels: [5] },
};

/** @param {Record<string, any>} change @returns {any} */
const stateOf = (change = {}) => ({
  translator: createTranslator("en", {}),
  palette,
  ramp: divergingRamp(palette.diverging),
  datasets,
  spec: makeSpec(),
  picture: null,
  samples: null,
  display: { showsTestData: false, isDiscrete: false },
  feature: null,
  dataCard: dataAtFirst,
  ...change,
});

test("what did not change is the same object, so that a view may skip it", () => {
  const state = stateOf({ spec: curveSpec, picture: curve, samples: onLine });
  const [one, other] = [outputPictureData(state), outputPictureData({ ...state })];
  for (const name of /** @type {const} */ (["paint", "grids", "curve", "samples", "points"])) {
    assert.equal(one[name], other[name], name);
  }
});

test("the line of a ReLU unit is what it adds, and it bends where it begins to answer", () => {
  const { curve: drawn } = outputPictureData(stateOf({ spec: curveSpec, picture: curve, samples: onLine }));
  assert.deepEqual([...(drawn?.hinges[0] ?? [])].map(Math.abs), [0, 0, 2]);
  assert.deepEqual(drawn?.kinks, [0.75]);
  assert.equal(drawn?.residualsTo, onLine.train);
});

test("a hidden unit in focus over a line is shown alone: no samples, no residuals", () => {
  const picture = { ...curve, focus: { layer: 0, unit: 0 }, large: [curve.tiles[0][0]] };
  const data = outputPictureData(stateOf({ spec: curveSpec, picture, samples: onLine }));
  assert.equal(data.samples, null);
  assert.equal(data.curve?.residualsTo, null);
  assert.deepEqual(data.curve?.hinges, []);
});

test("samples of the plane are not drawn on a line that is still shown", () => {
  const samples = { train: { features: [[1, 2]], labels: [0] }, val: { features: [], labels: [] } };
  assert.equal(outputPictureData(stateOf({ picture: curve, samples })).samples, null);
});

test("a picture of three classes is painted in theirs, even while the controls have other data already", () => {
  const spec = makeSpec({ dataset: { ...makeSpec().dataset, name: "blobs" } });
  const grid = new Float32Array(1);
  const picture = { ...curve, kind: "plane", spec, large: [grid, grid, grid], tiles: [[grid, grid, grid]] };
  assert.equal(outputPictureData(stateOf({ picture })).paint.classes, 3);
});

test("a tap lays points of the chosen class only while laying is on and the data take points", () => {
  const dataCard = { ...dataAtFirst, isLaying: true, label: 1 };
  assert.equal(outputPictureData(stateOf({ dataCard })).laying, 1);
  assert.equal(outputPictureData(stateOf()).laying, null);
  assert.equal(outputPictureData(stateOf({ dataCard, spec: curveSpec })).laying, null);
});

test("the scale of numbers reaches as far as their labels, that of classes does not change", () => {
  const surface = { name: "surface", problem: "regression", classes: null };
  const spec = makeSpec({ dataset: { ...makeSpec().dataset, name: "surface" } });
  const samples = { train: { features: [[0, 1]], labels: [-12] }, val: { features: [], labels: [] } };
  const state = stateOf({ datasets: [...datasets, surface], spec, samples });
  const { paint } = outputPictureData(state);
  assert.equal(paint.reach, 15);
  assert.equal(outputPictureData({ ...state }).paint, paint);
  assert.equal(outputPictureData(stateOf({ samples })).paint.reach, undefined);
});
