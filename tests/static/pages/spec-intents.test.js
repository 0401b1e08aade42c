import assert from "node:assert/strict";
import { test } from "node:test";
import { specChange } from "../../../static/js/pages/spec-intents.js";
import { makeSpec } from "../builders.js";

const datasets = [
  { name: "circle", title: "Circle", problem: "classification", samples: 500 },
  { name: "plane", title: "Plane", problem: "regression", samples: 1200 },
];

/** @param {Record<string, any>} change */
const stateOf = (change = {}) =>
  /** @type {any} */ ({
    spec: makeSpec(),
    datasets,
    penalty: { kind: "none", rate: 0 },
    activation: "tanh",
    speed: 60,
    ...change,
  });

/** @param {string} name @param {any} value @param {Record<string, any>} [change] */
const changed = (name, value, change) => specChange(stateOf(change), { type: "change", name, value });

test("another problem brings its first data set with its number of samples", () => {
  const { spec } = changed("problem", "regression");
  assert.deepEqual([spec?.dataset.name, spec?.dataset.samples], ["plane", 1200]);
});

test("another problem takes the loss that fits it", () => {
  const { spec } = changed("problem", "regression", { spec: makeSpec({ loss: "binary_crossentropy" }) });
  assert.equal(spec?.loss, "auto");
});

test("the problem that is chosen already changes nothing", () =>
  assert.deepEqual(changed("problem", "classification"), {}));

test("a data set that is chosen keeps noise, share and seed", () => {
  const dataset = { ...makeSpec().dataset, noise: 20, seed: 4 };
  const { spec } = changed("dataset", "plane", { spec: makeSpec({ dataset }) });
  assert.deepEqual(spec?.dataset, { ...dataset, name: "plane", samples: 1200 });
});

test("a penalty that is chosen first gets a rate that does something", () => {
  const { spec, penalty } = changed("penalty_kind", "l2");
  assert.deepEqual(penalty, { kind: "l2", rate: 0.001 });
  assert.deepEqual(spec?.regularization, { l1: 0, l2: 0.001 });
});

test("a rate that is chosen before the penalty waits for it", () => {
  const first = changed("penalty_rate", 0.1);
  assert.deepEqual(first.spec?.regularization, { l1: 0, l2: 0 });
  const second = changed("penalty_kind", "l1", { spec: first.spec, penalty: first.penalty });
  assert.deepEqual(second.spec?.regularization, { l1: 0.1, l2: 0 });
});

test("a new layer takes the activation that is chosen, even when there was no layer", () => {
  const { spec } = specChange(stateOf({ spec: makeSpec({ layers: [] }), activation: "relu" }), {
    type: "set_layers",
    change: 1,
  });
  assert.equal(spec?.layers[0].activation, "relu");
});

test("a changed network forgets the unit that was pinned", () => {
  assert.equal(
    specChange(stateOf({ pinned: { layer: 1, unit: 1 } }), { type: "set_units", layer: 1, units: 1 }).pinned,
    null,
  );
});

test("the calm button lowers the learning rate", () => {
  const { spec } = specChange(
    stateOf({ spec: makeSpec({ optimizer: { ...makeSpec().optimizer, learning_rate: 10 } }) }),
    {
      type: "calmer",
    },
  );
  assert.equal(spec?.optimizer.learning_rate, 1);
});

test("intents that are not about the spec change nothing in it", () =>
  assert.deepEqual(specChange(stateOf(), { type: "run" }), {}));

test("data with other classes takes a loss that counts them", () => {
  const many = [...datasets, { name: "blobs", title: "Blobs", problem: "classification", samples: 300, classes: 3 }];
  const { spec } = changed("dataset", "blobs", { datasets: many, spec: makeSpec({ loss: "binary_crossentropy" }) });
  assert.equal(spec?.loss, "categorical_crossentropy");
});

test("data with other final units forget the unit that was pinned, other data of the same network do not", () => {
  const entry = { title: "", problem: "classification", samples: 300 };
  const known = [...datasets, { ...entry, name: "blobs", classes: 3 }, { ...entry, name: "moons", classes: 2 }];
  const pinned = { layer: 2, unit: 0 };
  assert.equal(changed("dataset", "blobs", { datasets: known, pinned }).pinned, null);
  assert.equal(changed("dataset", "moons", { datasets: known, pinned }).pinned, undefined);
});
