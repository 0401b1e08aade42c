import assert from "node:assert/strict";
import { test } from "node:test";
import { addLayer, withDataset, withHiddenLayer, withLearningRate, withUnits } from "../../../static/js/state/spec.js";
import { differences } from "../../../static/js/state/spec-differences.js";
import { makeSpec } from "../builders.js";

const settings = (/** @type {any[]} */ ...specs) => differences(specs).map(({ setting }) => setting);

test("two runs that differ only in the learning rate show exactly that one difference", () => {
  assert.deepEqual(differences([makeSpec(), withLearningRate(makeSpec(), 0.1)]), [
    { setting: "optimizer.learning_rate", values: [0.03, 0.1] },
  ]);
});

test("equal specs, one spec and no spec have no difference", () => {
  assert.deepEqual(differences([makeSpec(), makeSpec()]), []);
  assert.deepEqual(differences([makeSpec()]), []);
  assert.deepEqual(differences([]), []);
});

test("of four runs each setting has four values, though only one run differs", () => {
  const spec = makeSpec();
  const [row, ...others] = differences([spec, spec, withDataset(spec, { noise: 20 }), spec]);
  assert.deepEqual([row, others], [{ setting: "dataset.noise", values: [0, 0, 20, 0] }, []]);
});

test("another shape is one difference, not one for each layer", () => {
  assert.deepEqual(differences([makeSpec(), addLayer(makeSpec(), "tanh")]), [
    { setting: "layers.units", values: ["4-2", "4-2-2"] },
  ]);
  assert.deepEqual(settings(makeSpec(), withUnits(makeSpec(), 0, 7)), ["layers.units"]);
});

test("one activation for all layers is named once, several are named one by one", () => {
  const mixed = withHiddenLayer(makeSpec(), 1, { activation: "relu" });
  assert.deepEqual(differences([makeSpec(), mixed]), [
    { setting: "layers.activation", values: ["tanh", "tanh, relu"] },
  ]);
});

test("dropout and normalization of one layer are differences of their own", () => {
  const dropped = withHiddenLayer(makeSpec(), 0, { dropout: 0.2, isNormalized: true });
  assert.deepEqual(differences([makeSpec(), dropped]), [
    { setting: "layers.dropout", values: ["0-0", "0.2-0"] },
    { setting: "layers.normalization", values: ["0-0", "1-0"] },
  ]);
});

test("lists are compared as a whole, and settings inside settings by their path", () => {
  const other = makeSpec({ features: ["x1", "x2", "sin_x1"], early_stopping: /** @type {any} */ ({ metric: "loss" }) });
  assert.deepEqual(differences([makeSpec(), other]), [
    { setting: "features", values: ["x1, x2", "x1, x2, sin_x1"] },
    { setting: "early_stopping.metric", values: [null, "loss"] },
  ]);
});

test("layers the page cannot draw are compared by their kinds", () => {
  const images = makeSpec({ layers: /** @type {any[]} */ ([{ kind: "flatten" }, { kind: "dense", units: 3 }]) });
  assert.ok(settings(makeSpec(), images).includes("layers.kinds"));
});
