import assert from "node:assert/strict";
import { test } from "node:test";
import { hiddenLayers, isDrawable, weightParts, withHiddenLayers } from "../../../static/js/state/hidden-layers.js";
import { addLayer, removeLayer, withActivation, withHiddenLayer } from "../../../static/js/state/spec.js";
import { makeSpec } from "../builders.js";

const dense = { kind: "dense", units: 3, activation: "relu" };
const normalization = { kind: "batch_normalization", momentum: 0.99 };
const dropout = { kind: "dropout", rate: 0.2 };
/** @param {any} spec what people see of its layers */
const seen = (spec) => hiddenLayers(spec).map(({ specs: _specs, ...layer }) => layer);
const rich = /** @type {any} */ ({ layers: [dense, normalization, dropout, { units: 2 }, dropout] });

test("a normalization and a dropout belong to the dense layer before them", () => {
  assert.deepEqual(hiddenLayers(rich), [
    {
      units: 3,
      activation: "relu",
      isNormalized: true,
      dropout: 0.2,
      index: 0,
      specs: { dense, batch_normalization: normalization, dropout },
    },
    {
      units: 2,
      activation: "tanh",
      isNormalized: false,
      dropout: 0.2,
      index: 3,
      specs: { dense: { units: 2 }, dropout },
    },
  ]);
});

for (const { name, layers, drawable } of [
  { name: "no layer", layers: [], drawable: true },
  { name: "dense layers", layers: [dense, { units: 2 }], drawable: true },
  { name: "dense, normalization, dropout", layers: [dense, normalization, dropout, dense], drawable: true },
  { name: "a dropout first", layers: [dropout, dense], drawable: false },
  { name: "two dropouts", layers: [dense, dropout, dropout], drawable: false },
  { name: "a dropout before the normalization", layers: [dense, dropout, normalization], drawable: false },
  { name: "a convolution", layers: [{ kind: "conv2d" }, { kind: "flatten" }, dense], drawable: false },
]) {
  test(`${name} can ${drawable ? "" : "not "}be drawn`, () =>
    assert.equal(isDrawable(/** @type {any} */ ({ layers })), drawable));
}

test("hidden layers written back give the layers of the spec", () => {
  const again = withHiddenLayers(makeSpec(), hiddenLayers(rich));
  assert.deepEqual(seen(again), seen(rich));
});

test("one layer is changed, the others stay", () => {
  const spec = withHiddenLayer(makeSpec(rich), 1, { dropout: 0, activation: "sigmoid" });
  assert.deepEqual(seen(spec)[0], seen(rich)[0]);
  assert.deepEqual(seen(spec)[1], {
    units: 2,
    activation: "sigmoid",
    isNormalized: false,
    dropout: 0,
    index: 3,
  });
});

test("layers are added and removed with what belongs to them", () => {
  const spec = makeSpec(rich);
  assert.equal(hiddenLayers(addLayer(spec, "relu")).length, 3);
  assert.deepEqual(
    removeLayer(spec).layers.map(({ kind }) => kind),
    ["dense", "batch_normalization", "dropout"],
  );
  assert.ok(hiddenLayers(withActivation(spec, "linear")).every(({ activation }) => activation === "linear"));
});

test("the weights of a dense layer and its normalization stand together", () => {
  assert.deepEqual(weightParts(makeSpec(rich), 4), [
    { inputs: 2, units: 3, isNormalized: true },
    { inputs: 3, units: 2, isNormalized: false },
    { inputs: 2, units: 4, isNormalized: false },
  ]);
});
