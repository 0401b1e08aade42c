import assert from "node:assert/strict";
import { test } from "node:test";
import { examplePoints } from "../../../static/js/core/own-points.js";
import { entriesOf, hashOf } from "../../../static/js/state/link-entries.js";
import { readSpec, startOf, writeSpec } from "../../../static/js/state/spec-link.js";
import { book } from "./link-book.js";

/** @param {string} hash */
const read = (hash) => readSpec(entriesOf(hash), book);

/** @param {Record<string, any>} change @returns {any} */
const specWith = ({ dataset = {}, optimizer = {}, ...others }) => ({
  ...book.start,
  dataset: { ...book.start.dataset, ...dataset },
  optimizer: { ...book.start.optimizer, ...optimizer },
  ...others,
});

/** Numbers that look random and are the same each time. @param {number} seed */
function dice(seed) {
  let state = seed;
  return (/** @type {number} */ sides) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * sides);
  };
}

/** @param {(sides: number) => number} roll */
function randomLayers(roll) {
  const parts = Array.from({ length: roll(4) }, () => [
    { kind: "dense", units: 1 + roll(64), activation: ["relu", "tanh", "sigmoid", "linear"][roll(4)] },
    ...(roll(4) === 0 ? [{ kind: "batch_normalization", momentum: [0.99, 0.5][roll(2)] }] : []),
  ]);
  return roll(3) === 0 && parts.length
    ? [...parts.flat(), { kind: "dropout", rate: roll(9) / 10 + 0.1 }]
    : parts.flat();
}

/** @param {(sides: number) => number} roll */
function randomOptimizer(roll) {
  const isPlain = roll(2) === 0;
  const momentum = isPlain ? roll(100) / 100 : 0;
  return {
    name: isPlain ? "sgd" : ["adagrad", "rmsprop", "adam"][roll(3)],
    learning_rate: 10 ** -roll(7) * (1 + roll(9)),
    momentum,
    nesterov: momentum > 0 && roll(2) === 0,
    clip_norm: roll(3) === 0 ? 1 + roll(999) : null,
    clip_value: null,
    schedule: {
      ...{ name: ["constant", "step", "cosine"][roll(3)], every_epochs: 1 + roll(90), factor: (1 + roll(10)) / 10 },
      ...{ epochs: 1 + roll(900), final_fraction: roll(11) / 10 },
    },
  };
}

/** @param {number} seed @returns {any} */
function randomSpec(seed) {
  const roll = dice(seed);
  const entry = book.datasets[roll(book.datasets.length)];
  const isCurve = entry.kind === "curve";
  const isNumbers = entry.problem === "regression";
  const [fewest] = entry.limits?.points ?? [0];
  const points = Array.from({ length: isCurve ? 0 : fewest + roll(4) }, () => [
    roll(120) / 10 - 6,
    4 - roll(60) / 7,
    roll(2),
  ]);
  return {
    dataset: {
      ...{ name: entry.name, samples: 20 + roll(4980), noise: roll(501) / 10, train_fraction: 0.1 + roll(9) / 10 },
      ...{ classes: 2 + roll(5), formula: isCurve ? "sin(3*x) + x^2 & 1" : null, points, seed: roll(2 ** 31) },
      ...{ x_min: -2 - roll(8), x_max: 2 },
    },
    features: isCurve ? ["x1", "sin_x1"] : [["x1"], ["x2", "x1x2"], ["x1", "x2"]][roll(3)],
    layers: randomLayers(roll),
    loss: ["auto", "mse", "mae", "huber"][roll(4)],
    optimizer: randomOptimizer(roll),
    regularization: { l1: roll(2) / 100, l2: roll(3) / 1000 },
    batch_size: 1 + roll(256),
    epochs: [null, 1 + roll(100000)][roll(2)],
    early_stopping:
      roll(2) === 0
        ? null
        : {
            ...{ metric: isNumbers ? "val_loss" : ["loss", "accuracy"][roll(2)], patience: 1 + roll(99) },
            restore_best: roll(2) === 0,
          },
    seed: roll(2 ** 31),
  };
}

test("any spec written as a link is read back as the same spec, with nothing to complain about", () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const spec = randomSpec(seed);
    const hash = hashOf(writeSpec(spec, book));
    const { spec: again, problems } = read(hash);
    assert.deepEqual([again, problems], [spec, []], hash);
  }
});

test("the same spec always has the same link", () => {
  const spec = randomSpec(7);
  assert.equal(hashOf(writeSpec(spec, book)), hashOf(writeSpec(structuredClone(spec), book)));
});

test("a link is short and can be read", () => {
  const dataset = { name: "spiral", noise: 10 };
  const layers = [
    { kind: "dense", units: 8, activation: "relu" },
    { kind: "dense", units: 8, activation: "relu" },
    { kind: "dropout", rate: 0.2 },
  ];
  const spec = specWith({ dataset, layers, optimizer: { name: "adam", learning_rate: 0.003 } });
  assert.equal(
    hashOf(writeSpec(spec, book)),
    "#dataset=spiral&noise=10&layers=8:relu,8:relu:dropout0.2&optimizer=adam&learning_rate=0.003",
  );
});

test("a data set that is named alone comes with its own number of samples", () => {
  assert.equal(read("#dataset=plane").spec.dataset.samples, 1200);
  assert.deepEqual(writeSpec(startOf(book, "plane"), book), [["dataset", "plane"]]);
});

test("own points that are named alone are an example to learn from", () => {
  const { spec, problems } = read("#dataset=points");
  assert.deepEqual([spec.dataset.points, spec.dataset.classes], [examplePoints, 2]);
  assert.deepEqual(problems, []);
  assert.deepEqual(writeSpec(spec, book), [["dataset", "points"]]);
});

test("own points that are too few to learn from give way to the example", () => {
  const { spec, problems } = read("#dataset=points&points=1,2,0");
  assert.deepEqual(spec.dataset.points, examplePoints);
  assert.deepEqual(
    problems.map(({ name }) => name),
    ["points"],
  );
});

test("a line has one input", () => assert.deepEqual(read("#dataset=curve").spec.features, ["x1"]));

test("an early stopping that is named has all its settings", () => {
  const { spec, problems } = read("#early_stopping=accuracy&early_stopping_patience=5");
  assert.deepEqual(spec.early_stopping, { metric: "accuracy", patience: 5, restore_best: true });
  assert.deepEqual(problems, []);
});

for (const { hash, value, used, at } of [
  { hash: "#noise=2000", at: ["dataset", "noise"], value: 50, used: "50" },
  { hash: "#noise=-3", at: ["dataset", "noise"], value: 0, used: "0" },
  { hash: "#noise=much", at: ["dataset", "noise"], value: 0, used: null },
  { hash: "#noise=", at: ["dataset", "noise"], value: 0, used: null },
  { hash: "#noise=Infinity", at: ["dataset", "noise"], value: 0, used: null },
  { hash: "#dataset=digits", at: ["dataset", "name"], value: "circle", used: null },
  { hash: "#batch_size=3.6", at: ["batch_size"], value: 4, used: "4" },
  { hash: "#momentum=1", at: ["optimizer", "momentum"], value: 0, used: null },
  { hash: "#clip_norm=0", at: ["optimizer", "clip_norm"], value: null, used: null },
  { hash: "#nesterov=perhaps", at: ["optimizer", "nesterov"], value: false, used: null },
  { hash: "#nesterov=true", at: ["optimizer", "nesterov"], value: false, used: "false" },
  { hash: "#optimizer=adam&momentum=0.9", at: ["optimizer", "momentum"], value: 0, used: "0" },
  { hash: "#clip_norm=1&clip_value=2", at: ["optimizer", "clip_value"], value: null, used: "none" },
  {
    hash: "#loss=categorical_crossentropy",
    at: ["loss"],
    value: "binary_crossentropy",
    used: "binary_crossentropy",
  },
  {
    hash: "#dataset=plane&early_stopping=val_accuracy",
    at: ["early_stopping", "metric"],
    value: "val_loss",
    used: "val_loss",
  },
  { hash: "#features=x1,tan_x1", at: ["features", "0"], value: "x1", used: "x1" },
  { hash: "#features=tan_x1", at: ["features", "1"], value: "x2", used: null },
  { hash: "#dataset=curve&features=x1,x2", at: ["features", "length"], value: 1, used: "x1" },
  { hash: "#formula=x", at: ["dataset", "formula"], value: null, used: "none" },
  { hash: "#dataset=curve&formula=", at: ["dataset", "formula"], value: null, used: null },
  { hash: "#dataset=curve&points=1,0,0", at: ["dataset", "points", "length"], value: 0, used: "none" },
  { hash: "#points=1,2,0;1,2", at: ["dataset", "points", "length"], value: 1, used: "1,2,0" },
  { hash: "#points=1,2,0;1,7,0", at: ["dataset", "points", "length"], value: 1, used: "1,2,0" },
  { hash: "#points=1,2,0;1,2,2", at: ["dataset", "points", "length"], value: 1, used: "1,2,0" },
  { hash: "#points=1,2,0;1,2,0.5", at: ["dataset", "points", "length"], value: 1, used: "1,2,0" },
  { hash: "#dataset=curve&x_min=3", at: ["dataset", "x_min"], value: -2, used: "-2" },
  { hash: "#nesterov=constructor", at: ["optimizer", "nesterov"], value: false, used: null },
  { hash: `#dataset=curve&formula=${"x".repeat(101)}`, at: ["dataset", "formula"], value: null, used: null },
  { hash: "#points=1,2,0;far,2,1", at: ["dataset", "points", "length"], value: 1, used: "1,2,0" },
]) {
  test(`${hash.slice(0, 60)} becomes what is allowed, and is told`, () => {
    const { spec, problems } = read(hash);
    assert.equal(
      at.reduce((/** @type {any} */ inside, name) => inside?.[name], spec),
      value,
    );
    assert.deepEqual(
      problems.map((problem) => problem.used),
      [used],
    );
  });
}

for (const hash of [
  "#noise=10.0",
  "#learning_rate=3e-2",
  "#layers=4,2",
  "#features=x1,x2",
  "#points=none",
  "#epochs=none",
]) {
  test(`${hash} is another way to write the same and no problem`, () => assert.deepEqual(read(hash).problems, []));
}

test("a cross-entropy becomes the one that counts the classes", () => {
  assert.equal(read("#dataset=blobs&loss=categorical_crossentropy").spec.loss, "categorical_crossentropy");
  assert.equal(read("#dataset=blobs&classes=2&loss=categorical_crossentropy").spec.loss, "binary_crossentropy");
});
