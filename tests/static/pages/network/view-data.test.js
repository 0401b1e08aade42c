import assert from "node:assert/strict";
import { test } from "node:test";
import { createTranslator } from "../../../../static/js/i18n/i18n.js";
import { networkDiagramData, unitCardData } from "../../../../static/js/pages/network/view-data.js";
import { makeSpec } from "../../builders.js";

const datasets = [
  { name: "circle", title: "", problem: "classification", samples: 500, kind: "plane", classes: 2 },
  {
    name: "blobs",
    title: "",
    problem: "classification",
    samples: 500,
    kind: "plane",
    classes: 3,
    limits: { classes: [2, 6] },
  },
  { name: "curve", title: "", problem: "regression", samples: 500, kind: "curve", classes: null },
];
const palette = {
  plot: { ink: "#000000" },
  diverging: { negative: "#dc7610", neutral: "#f4f2ec", positive: "#1f78b4" },
  classes: ["#e69f00", "#0072b2", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"],
};
const messages = {
  "unit.name": "Unit {unit} of layer {layer}",
  "unit.inline": "unit {unit} of layer {layer}",
  "unit.final": "Final unit",
  "unit.final_inline": "the final unit",
  "unit.class": "Final unit of class {class}",
  "unit.class_inline": "the final unit of class {class}",
  "edit.weight": "Weight from {from} to {to}",
  "edit.bias": "Bias of {unit}",
};

/** @param {string} name of the data set @param {Record<string, any>} change @returns {any} */
const stateOf = (name, change = {}) => ({
  translator: createTranslator("en", messages),
  datasets,
  spec: makeSpec({ dataset: { name, samples: 500, noise: 0, train_fraction: 0.5, classes: 3, seed: 0 } }),
  offer: { layers: { minimum: 0, maximum: 8 }, units: { minimum: 1, maximum: 16 }, activations: ["tanh"] },
  palette,
  ramp: new Uint32Array(256),
  display: { isDiscrete: false },
  run: null,
  picture: null,
  isCreating: false,
  isWaiting: false,
  pointed: null,
  pinned: null,
  timeMachine: { shownEpoch: null },
  ...change,
});

test("a network for three classes has three final units, named by their class", () => {
  const state = stateOf("blobs", { pointed: { layer: 2, unit: 1 } });
  assert.equal(networkDiagramData(state).outputs, 3);
  const card = unitCardData(state, null);
  assert.equal(card.name, "Final unit of class 1");
  assert.equal(card.activation, "softmax");
  assert.deepEqual(card.termNames, [
    "Weight from unit 1 of layer 2 to the final unit of class 1",
    "Weight from unit 2 of layer 2 to the final unit of class 1",
    "Bias of the final unit of class 1",
  ]);
});

test("over a line only features of one number can be chosen", () => {
  assert.deepEqual(networkDiagramData(stateOf("curve")).features, ["x1", "x1_squared", "sin_x1"]);
  assert.equal(networkDiagramData(stateOf("circle")).features.length, 7);
  assert.equal(unitCardData(stateOf("curve"), null).activation, "linear");
});

test("what did not change is the same object, so that views skip it", () => {
  const [one, other] = [networkDiagramData(stateOf("circle")), networkDiagramData(stateOf("circle"))];
  assert.deepEqual(one.hidden, other.hidden);
  const state = stateOf("circle");
  const [again, later] = [networkDiagramData(state), networkDiagramData({ ...state, pointed: { layer: 0, unit: 0 } })];
  for (const name of /** @type {const} */ (["features", "hidden", "paint", "domain"]))
    assert.equal(again[name], later[name]);
});

test("the card stays with the unit whose numbers are being changed", () => {
  const state = stateOf("circle", { pointed: { layer: 1, unit: 0 } });
  assert.equal(unitCardData(state, null).name, "Unit 1 of layer 2");
  const held = unitCardData(state, { layer: 0, unit: 3 });
  assert.equal(held.name, "Unit 4 of layer 1");
  assert.deepEqual(held.sources, ["x₁", "x₂"]);
});

test("nothing flows while nobody knows whether the network still learns", () => {
  const run = { runId: "r1", status: "running" };
  assert.equal(networkDiagramData(stateOf("circle", { run })).isTraining, true);
  assert.equal(networkDiagramData(stateOf("circle", { run, isWaiting: true })).isTraining, false);
});
