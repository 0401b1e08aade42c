import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as change from "../../../static/js/state/spec.js";
import { makeSpec } from "../builders.js";

const spec = makeSpec();

test("the tests' spec is the server's default", () => {
  const golden = JSON.parse(readFileSync(new URL("../../contract/default_spec.json", import.meta.url), "utf8"));
  assert.deepEqual(spec, golden);
});

for (const { name, changed, expected } of [
  {
    name: "learning rate",
    changed: change.withLearningRate(spec, 0.1),
    expected: { optimizer: { ...spec.optimizer, learning_rate: 0.1 } },
  },
  {
    name: "optimizer",
    changed: change.withOptimizer(spec, "adam"),
    expected: { optimizer: { ...spec.optimizer, name: "adam" } },
  },
  { name: "batch size", changed: change.withBatchSize(spec, 30), expected: { batch_size: 30 } },
  {
    name: "L1",
    changed: change.withPenalty(spec, { kind: "l1", rate: 0.01 }),
    expected: { regularization: { l1: 0.01, l2: 0 } },
  },
  { name: "no penalty", changed: change.withPenalty(spec, { kind: "none", rate: 0.01 }), expected: {} },
  {
    name: "noise",
    changed: change.withDataset(spec, { noise: 20 }),
    expected: { dataset: { ...spec.dataset, noise: 20 } },
  },
  { name: "new sample", changed: change.withNewSample(spec), expected: { dataset: { ...spec.dataset, seed: 1 } } },
  { name: "new first weights", changed: change.withNewStart(spec), expected: { seed: 1 } },
  { name: "fewer layers", changed: change.removeLayer(spec), expected: { layers: [spec.layers[0]] } },
]) {
  test(`${name}: changes that and nothing else`, () => assert.deepEqual(changed, { ...spec, ...expected }));
}

/** A spec with fields this page does not know, at every level. */
const foreign = makeSpec({
  dataset: { ...spec.dataset, ...{ shuffled: true } },
  layers: [{ kind: "dense", units: 4, activation: "tanh", ...{ bias: false } }],
  optimizer: { ...spec.optimizer, ...{ warm_up: 5 } },
  regularization: { l1: 0, l2: 0, ...{ dropout: 0.5 } },
  ...{ mixed_precision: true },
});

for (const [name, changed] of Object.entries({
  "a learning rate": change.withLearningRate(foreign, 1),
  "an optimizer": change.withOptimizer(foreign, "adam"),
  "a penalty": change.withPenalty(foreign, { kind: "l1", rate: 0.1 }),
  "a batch size": change.withBatchSize(foreign, 3),
  "an activation": change.withActivation(foreign, "relu"),
  "a layer more": change.addLayer(foreign, "relu"),
  "a unit more": change.withUnits(foreign, 0, 5),
  "a feature": change.toggleFeature(foreign, "x1x2"),
  "a new sample": change.withNewSample(foreign),
  "new first weights": change.withNewStart(foreign),
  "another problem": change.withOtherProblem(foreign),
})) {
  test(`${name} leaves fields alone that the page does not know`, () => {
    const { dataset, layers, optimizer, regularization, mixed_precision } = /** @type {any} */ (changed);
    assert.deepEqual(
      [dataset.shuffled, layers[0].bias, optimizer.warm_up, regularization.dropout, mixed_precision],
      [true, false, 5, 0.5, true],
    );
  });
}

test("an optimizer that takes no momentum gets none", () => {
  const moving = makeSpec({ optimizer: { ...spec.optimizer, momentum: 0.9, nesterov: true } });
  const { momentum, nesterov } = change.withOptimizer(moving, "adam").optimizer;
  assert.deepEqual([momentum, nesterov], [0, false]);
  assert.deepEqual(change.withOptimizer(moving, "sgd"), moving);
});

test("another problem takes the loss that fits it, and watches no accuracy it may not have", () => {
  const watching = makeSpec({ loss: "binary_crossentropy", early_stopping: { metric: "val_accuracy" } });
  const { loss, early_stopping } = change.withOtherProblem(watching);
  assert.deepEqual([loss, early_stopping], ["auto", { metric: "val_loss" }]);
});

test("a layer that is not dense keeps out of a change of the activation", () => {
  const layers = /** @type {any[]} */ ([...makeSpec().layers, { kind: "dropout", rate: 0.2 }]);
  assert.deepEqual(change.withActivation(makeSpec({ layers }), "relu").layers[2], layers[2]);
});

test("a new layer is small and takes the activation of the others", () => {
  const { layers } = change.addLayer(spec, "relu");
  assert.deepEqual(layers[2], { kind: "dense", units: 2, activation: "relu" });
});

test("units change in one layer only", () => {
  assert.deepEqual(
    change.withUnits(spec, 1, 5).layers.map(({ units }) => units),
    [4, 5],
  );
});

test("the activation changes in every layer", () => {
  assert.ok(change.withActivation(spec, "relu").layers.every(({ activation }) => activation === "relu"));
});

test("features keep their order, whenever they are switched on", () => {
  const more = change.toggleFeature(change.toggleFeature(spec, "sin_x1"), "x1_squared");
  assert.deepEqual(more.features, ["x1", "x2", "x1_squared", "sin_x1"]);
  assert.deepEqual(change.toggleFeature(more, "x2").features, ["x1", "x1_squared", "sin_x1"]);
});

test("the last feature cannot be switched off", () => {
  const last = makeSpec({ features: ["x2"] });
  assert.equal(change.toggleFeature(last, "x2"), last);
});

for (const { l1, l2, penalty } of [
  { l1: 0, l2: 0, penalty: { kind: "none", rate: 0 } },
  { l1: 0.1, l2: 0, penalty: { kind: "l1", rate: 0.1 } },
  { l1: 0, l2: 0.003, penalty: { kind: "l2", rate: 0.003 } },
]) {
  test(`l1 ${l1} and l2 ${l2} are shown as ${penalty.kind}`, () => {
    assert.deepEqual(change.penaltyOf(makeSpec({ regularization: { l1, l2 } })), penalty);
  });
}
