import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesOf, fullLimitsOf, limitsOf, offerOf } from "../../../static/js/state/spec-schema.js";

/** Cut from what pydantic writes. */
const schema = {
  $defs: {
    DatasetSpec: {
      properties: { noise: { type: "number", minimum: 0, maximum: 80, slider: { minimum: 0, maximum: 50, step: 5 } } },
    },
    DenseSpec: {
      properties: {
        units: { minimum: 1, maximum: 64 },
        activation: { enum: ["relu", "tanh"] },
        kind: { const: "dense" },
      },
    },
    DropoutSpec: { properties: { rate: { minimum: 0, maximum: 0.9 }, kind: { const: "dropout" } } },
    Conv2DSpec: {
      properties: {
        units: { minimum: 1, maximum: 999 },
        activation: { enum: ["softmax", "relu"] },
        kind: { const: "conv2d" },
      },
    },
  },
  properties: {
    dataset: { $ref: "#/$defs/DatasetSpec", title: "Data" },
    layers: {
      type: "array",
      maxItems: 5,
      items: {
        oneOf: [{ $ref: "#/$defs/Conv2DSpec" }, { $ref: "#/$defs/DenseSpec" }, { $ref: "#/$defs/DropoutSpec" }],
      },
    },
    epochs: { anyOf: [{ type: "integer", minimum: 1, maximum: 9 }, { type: "null" }] },
  },
};
const otherwise = { minimum: -1, maximum: -2, step: 3 };

for (const { name, path, expected } of [
  {
    name: "a proposal for sliders counts before the ceiling",
    path: ["dataset", "noise"],
    expected: { minimum: 0, maximum: 50, step: 5 },
  },
  {
    name: "without one, the ceiling counts",
    path: ["layers", "[dense]", "units"],
    expected: { minimum: 1, maximum: 64, step: 3 },
  },
  { name: "a list has a greatest length", path: ["layers"], expected: { minimum: -1, maximum: 5, step: 3 } },
  { name: "one of several meanings has limits", path: ["epochs"], expected: { minimum: 1, maximum: 9, step: 3 } },
  { name: "an unknown place has the limits of the page", path: ["nowhere", "at_all"], expected: otherwise },
]) {
  test(name, () => assert.deepEqual(limitsOf(schema, path, otherwise), expected));
}

test("choices are collected from all alternatives", () => {
  assert.deepEqual(choicesOf(schema, ["layers", "[]", "kind"], []), ["conv2d", "dense", "dropout"]);
  assert.deepEqual(choicesOf(schema, ["layers", "[]", "activation"], []), ["softmax", "relu", "tanh"]);
  assert.deepEqual(choicesOf(schema, ["optimizer", "name"], ["sgd"]), ["sgd"]);
});

test("the page offers what a dense layer takes, nothing of other kinds", () => {
  const offer = offerOf(schema);
  assert.deepEqual(offer.activations, ["relu", "tanh"]);
  assert.deepEqual([offer.units.minimum, offer.units.maximum], [1, 64]);
});

test("a server that publishes nothing still gives a usable page", () => {
  const offer = offerOf({});
  assert.deepEqual(offer.trainFraction, { minimum: 0.1, maximum: 0.9, step: 0.1 });
  assert.ok(offer.activations.includes("tanh") && offer.optimizers.includes("adam"));
});

test("a typed number may be anything the server accepts, whatever a slider proposes", () =>
  assert.deepEqual(fullLimitsOf(schema, ["dataset", "noise"], otherwise), { minimum: 0, maximum: 80, step: 3 }));

test("a bound that is refused itself is kept at one step's distance", () => {
  const open = { properties: { factor: { exclusiveMinimum: 0, exclusiveMaximum: 1 } } };
  const limits = fullLimitsOf(open, ["factor"], { minimum: 5, maximum: 6, step: 0.25 });
  assert.deepEqual(limits, { minimum: 0.25, maximum: 0.75, step: 0.25 });
});

test("early stopping begins as the server would have it", () => {
  const stopping = { properties: { metric: { default: "loss" }, patience: { default: 3, minimum: 2 } } };
  const { learning } = offerOf({ properties: { early_stopping: { anyOf: [stopping, { type: "null" }] } } });
  assert.deepEqual(learning.earlyStopping, { metric: "loss", patience: 3, min_delta: 0, restore_best: true });
  assert.equal(learning.patience.minimum, 2);
});
