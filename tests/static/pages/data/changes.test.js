import assert from "node:assert/strict";
import { test } from "node:test";
import { examplePoints } from "../../../../static/js/core/own-points.js";
import { dataChanges } from "../../../../static/js/pages/data/changes.js";
import { dataAtFirst } from "../../../../static/js/pages/data/slice.js";
import { makeSpec } from "../../builders.js";

const datasets = [
  { name: "circle", problem: "classification", samples: 500, classes: 2, limits: { points: [0, 500] } },
  { name: "blobs", problem: "classification", samples: 500, classes: 3, limits: { classes: [2, 6], points: [0, 500] } },
  {
    name: "points",
    problem: "classification",
    samples: 500,
    classes: 3,
    limits: { classes: [2, 6], points: [4, 500] },
  },
  { name: "formula", problem: "classification", samples: 500, classes: 2, limits: { points: [0, 500] } },
  { name: "curve", problem: "regression", kind: "curve", samples: 200, limits: {} },
];

/** @param {Record<string, any>} dataset @param {Record<string, any>} [spec] @returns {any} */
const stateOf = (dataset, spec = {}) => ({
  spec: makeSpec({ ...spec, dataset: { ...makeSpec().dataset, ...dataset } }),
  datasets,
  dataCard: dataAtFirst,
});

/** @param {string} name @param {any} state @param {any} [value] @returns {any} */
const changed = (name, state, value) => dataChanges[name](state, value);

for (const { name, value, field } of [
  { name: "noise", value: 25, field: "noise" },
  { name: "train_fraction", value: 0.8, field: "train_fraction" },
]) {
  test(`another ${name} leaves the base sample alone: only that one number changes`, () => {
    const state = stateOf({ seed: 7 });
    assert.deepEqual(changed(name, state, value).spec.dataset, { ...state.spec.dataset, [field]: value });
  });
}

test("own points begin with an example of two classes and are laid at once", () => {
  const { spec, dataCard } = changed("dataset", stateOf({}), "points");
  assert.deepEqual(spec.dataset.points, examplePoints);
  assert.equal(spec.dataset.classes, 2);
  assert.equal(dataCard.isLaying, true);
});

test("points and a law stay with the data they were made for", () => {
  const { spec } = changed("dataset", stateOf({ name: "formula", formula: "x1", points: [[1, 1, 0]] }), "circle");
  assert.deepEqual([spec.dataset.formula, spec.dataset.points], [null, []]);
});

test("blobs come with the number of classes they have at first", () => {
  assert.equal(changed("dataset", stateOf({ name: "points", classes: 2 }), "blobs").spec.dataset.classes, 3);
});

for (const { before, to, features, after } of [
  { before: "circle", to: "curve", features: ["x1", "x2", "sin_x1"], after: ["x1", "sin_x1"] },
  { before: "circle", to: "curve", features: ["x2"], after: ["x1"] },
  { before: "curve", to: "circle", features: ["x1"], after: ["x1", "x2"] },
  { before: "circle", to: "blobs", features: ["x1x2"], after: ["x1x2"] },
]) {
  test(`from ${before} with ${features.join(", ")} to ${to} the inputs are ${after.join(", ")}`, () => {
    assert.deepEqual(changed("dataset", stateOf({ name: before }, { features }), to).spec.features, after);
  });
}

test("a tap lays a point, and a tap on a point takes it away", () => {
  const laid = changed("tap_point", stateOf({}), { point: [1, 2, 1] });
  assert.deepEqual(laid.spec.dataset.points, [[1, 2, 1]]);
  const again = changed("tap_point", { ...stateOf({}), spec: laid.spec }, { point: [1.1, 2, 0] });
  assert.deepEqual(again.spec.dataset.points, []);
});

test("a stroke lays all its points behind those that are there", () => {
  const state = stateOf({ points: [[0, 0, 0]] });
  const { spec } = changed("lay_points", state, {
    points: [
      [1, 1, 1],
      [2, 2, 1],
    ],
  });
  assert.deepEqual(spec.dataset.points, [
    [0, 0, 0],
    [1, 1, 1],
    [2, 2, 1],
  ]);
});

test("neither more points than fit nor fewer than can be learned from are laid", () => {
  const full = stateOf({ points: Array.from({ length: 500 }, () => [0, 0, 0]) });
  assert.deepEqual(changed("tap_point", full, { point: [5, 5, 0] }), {});
  const few = stateOf({ name: "points", points: examplePoints.slice(0, 4) });
  assert.deepEqual(changed("tap_point", few, { point: [...examplePoints[0]] }), {});
});

test("without its points a data set of own points has its example again, others have none", () => {
  const own = changed("remove_points", stateOf({ name: "points", points: [[1, 1, 0]] }));
  assert.deepEqual(own.spec.dataset.points, examplePoints);
  assert.deepEqual(changed("remove_points", stateOf({ points: [[1, 1, 0]] })).spec.dataset.points, []);
});

test("points of classes that are no more go with them", () => {
  const state = stateOf({
    name: "blobs",
    classes: 3,
    points: [
      [0, 0, 2],
      [1, 1, 1],
    ],
  });
  assert.deepEqual(changed("classes", state, 2).spec.dataset.points, [[1, 1, 1]]);
  assert.equal(changed("classes", state, 2).spec.dataset.classes, 2);
});

test("a good law takes the place of what was typed", () => {
  const state = stateOf({ name: "formula" });
  state.dataCard = { ...dataAtFirst, typed: "x1 + x2", problem: { field: "dataset.formula", message: "?" } };
  const { spec, dataCard } = changed("formula", state, "x1 + x2");
  assert.equal(spec.dataset.formula, "x1 + x2");
  assert.deepEqual([dataCard.typed, dataCard.problem], [null, null]);
});
