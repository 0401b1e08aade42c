import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesOf } from "../../../static/js/state/link-entries.js";
import { specOfLink } from "../../../static/js/state/permalink.js";
import { isPlaygroundLink, seedOf } from "../../../static/js/state/playground-link.js";
import { book } from "./link-book.js";

/** @param {string} hash */
const open = (hash) => specOfLink(hash, book);
/** @param {any} spec */
const shapeOf = ({ layers }) =>
  layers.map((/** @type {any} */ { units, activation }) => `${units} ${activation}`).join();

/** Every entry such a link usually has, with some changed. @param {Record<string, string>} change */
function linkWith(change = {}) {
  const entries = {
    ...{ activation: "tanh", batchSize: "10", dataset: "circle", regDataset: "reg-plane", learningRate: "0.03" },
    ...{ regularizationRate: "0", noise: "0", networkShape: "4,2", seed: "0.72581", showTestData: "false" },
    ...{ discretize: "false", percTrainData: "50", x: "true", y: "true", xTimesY: "false", xSquared: "false" },
    ...{ ySquared: "false", cosX: "false", sinX: "false", cosY: "false", sinY: "false", collectStats: "false" },
    ...{ problem: "classification", initZero: "false", hideText: "false" },
    ...change,
  };
  const pairs = Object.entries(entries).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `#${pairs.join("&")}`;
}

test("its usual link opens our usual page but for the seeds, with nothing to complain about", () => {
  const { spec, problems, isPlaygrounds, hasSettings } = open(linkWith());
  const dataset = { ...book.start.dataset, seed: 725810 };
  assert.deepEqual(spec, { ...book.start, dataset, seed: 725810 });
  assert.deepEqual([problems, isPlaygrounds, hasSettings], [[], true, true]);
});

test("every setting is taken over", () => {
  const change = {
    ...{ activation: "relu", batchSize: "12", dataset: "spiral", learningRate: "0.003", regularization: "L2" },
    ...{ regularizationRate: "0.001", noise: "25", networkShape: "6,5,4", percTrainData: "70", xTimesY: "true" },
    ...{ sinX: "true", y: "false", showTestData: "true", discretize: "true" },
  };
  const { spec, display, problems } = open(linkWith(change));
  assert.deepEqual([spec.dataset.name, spec.dataset.noise, spec.dataset.train_fraction], ["spiral", 25, 0.7]);
  assert.deepEqual(
    [spec.batch_size, spec.optimizer.learning_rate, spec.regularization],
    [12, 0.003, { l1: 0, l2: 0.001 }],
  );
  assert.deepEqual(spec.features, ["x1", "x1x2", "sin_x1"]);
  assert.equal(shapeOf(spec), "6 relu,5 relu,4 relu");
  assert.deepEqual(display, { showsTestData: true, isDiscrete: true });
  assert.deepEqual(problems, []);
});

for (const { regDataset, name } of [
  { regDataset: "reg-plane", name: "plane" },
  { regDataset: "reg-gauss", name: "gauss_hills" },
]) {
  test(`its regression on ${regDataset} is ours on ${name}`, () => {
    const { spec } = open(linkWith({ problem: "regression", regDataset }));
    assert.deepEqual([spec.dataset.name, spec.dataset.samples], [name, 1200]);
  });
}

for (const { noise, used } of [
  { noise: "2000", used: 50 },
  { noise: "65", used: 50 },
  { noise: "-5", used: 0 },
]) {
  test(`a noise of ${noise} becomes ${used} and is told once`, () => {
    const { spec, problems } = open(linkWith({ noise }));
    assert.equal(spec.dataset.noise, used);
    assert.deepEqual(problems, [{ name: "noise", given: noise, used: String(used) }]);
  });
}

test("a rate without a penalty does nothing", () =>
  assert.deepEqual(open(linkWith({ regularizationRate: "0.1" })).spec.regularization, { l1: 0, l2: 0 }));

test("ten layers become as many as there may be", () => {
  const { spec, problems } = open(linkWith({ networkShape: "2,2,2,2,2,2,2,2,2,2" }));
  assert.equal(spec.layers.length, 8);
  assert.deepEqual(
    problems.map(({ name }) => name),
    ["layers"],
  );
});

test("an empty shape is a network without hidden layers", () =>
  assert.deepEqual(open(linkWith({ networkShape: "" })).spec.layers, []));

test("an activation alone is that of every layer", () =>
  assert.equal(shapeOf(open("#activation=sigmoid").spec), "4 sigmoid,2 sigmoid"));

test("inputs that are all switched off are told, and the usual ones stay", () => {
  const { spec, problems } = open(linkWith({ x: "false", y: "false" }));
  assert.deepEqual(spec.features, ["x1", "x2"]);
  assert.deepEqual(
    problems.map(({ name }) => name),
    ["features"],
  );
});

test("what cannot be had here is told", () => {
  const { problems } = open(linkWith({ initZero: "true", cosX: "true", tutorial: "lesson1" }));
  assert.deepEqual(
    problems.map(({ name, used }) => [name, used]),
    [
      ["cosX", null],
      ["initZero", null],
      ["tutorial", null],
    ],
  );
});

test("its fifteen controls are hidden by its names for them", () => {
  const names = [
    ...["showTestData", "discretize", "playButton", "stepButton", "resetButton", "learningRate", "activation"],
    ...["regularization", "regularizationRate", "problem", "dataset", "percTrainData", "noise", "batchSize"],
    "numHiddenLayers",
  ];
  const { hidden, problems } = open(linkWith(Object.fromEntries(names.map((name) => [`${name}_hide`, "true"]))));
  assert.deepEqual([...hidden].sort(), [
    ...["activation", "batch_size", "dataset", "discretize", "layers", "learning_rate", "noise", "problem"],
    ...["regularization", "regularization_rate", "reset", "run", "show_test_data", "step", "train_fraction"],
  ]);
  assert.deepEqual(problems, []);
});

test("a control that is not to be hidden stays", () =>
  assert.deepEqual(open(linkWith({ noise_hide: "false", play_hide: "true" })).hidden, ["run"]));

test("without its texts it is our lean page", () =>
  assert.equal(open(linkWith({ hideText: "true" })).isEmbedded, true));

for (const { text, seed } of [
  { text: "0.12345", seed: 123450 },
  { text: "0.72581", seed: 725810 },
  { text: "42", seed: 42 },
  { text: "0.0000001", seed: 1 },
]) {
  test(`the seed "${text}" is ${seed}`, () => assert.equal(seedOf(text), seed));
}

test("any text is a seed the server takes, always the same", () => {
  for (const text of ["class 8b", "-3", "1e99", "é".repeat(500), ""]) {
    const seed = seedOf(text);
    assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31, `${text}: ${seed}`);
    assert.equal(seedOf(text), seed);
  }
});

for (const { hash, isTheirs } of [
  { hash: "#networkShape=4,2", isTheirs: true },
  { hash: "#batchSize_hide=true", isTheirs: true },
  { hash: "#x=true", isTheirs: true },
  { hash: "#dataset=spiral&noise=10", isTheirs: false },
  { hash: "#noise_hide=true&layers=4", isTheirs: true },
  { hash: "#batch_size_hide=true", isTheirs: false },
  { hash: "#constructor_hide=true", isTheirs: false },
]) {
  test(`${hash} is ${isTheirs ? "theirs" : "ours"}`, () => assert.equal(isPlaygroundLink(entriesOf(hash)), isTheirs));
}
