import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createSampleSession } from "../../../../static/js/pages/data/sample-session.js";
import { withDataset } from "../../../../static/js/state/spec.js";
import { createStore } from "../../../../static/js/state/store.js";
import { makeSpec } from "../../builders.js";

const datasets = [
  { name: "circle", problem: "classification" },
  { name: "curve", kind: "curve", problem: "regression" },
];

/** @type {any} */
let store;
/** @type {{dataset: any, features: readonly string[], answer: (samples: any) => void, refuse: (error: any) => void}[]} */
let questions;
/** @type {ReturnType<typeof createSampleSession>} */
let samples;

const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

beforeEach(() => {
  questions = [];
  store = createStore(/** @type {any} */ ({ spec: makeSpec(), datasets, run: null, samples: null, thumbnails: {} }));
  const previewDataset = (/** @type {any} */ dataset, /** @type {readonly string[]} */ features) =>
    new Promise((answer, refuse) => questions.push({ dataset, features, answer, refuse }));
  samples = createSampleSession({ api: { previewDataset }, store });
});

/** @param {Record<string, any>} change */
const move = (change) => store.set({ spec: withDataset(store.get().spec, change) });

test("of a slider on the move only the newest place is asked about once the last answer is there", async () => {
  samples.follow();
  for (const noise of [5, 10, 15]) {
    move({ noise });
    samples.follow();
  }
  assert.equal(questions.length, 1);
  questions[0].answer({ train: 0 });
  await settled();
  assert.deepEqual(
    questions.map(({ dataset }) => dataset.noise),
    [0, 15],
  );
});

test("a line is drawn over its one input", () => {
  move({ name: "curve" });
  samples.follow();
  assert.deepEqual(questions[0].features, ["x1"]);
});

test("thumbnails show no noise and wait for the first picture", () => {
  move({ noise: 30 });
  samples.follow();
  assert.equal(questions.length, 1);
  store.set({ picture: {} });
  samples.follow();
  assert.deepEqual(
    questions.slice(1).map(({ dataset }) => [dataset.name, dataset.noise]),
    [
      ["circle", 0],
      ["curve", 0],
    ],
  );
});

test("of data that are refused no samples are shown, nor those of the data before", async () => {
  store.set({ samples: { train: 0 } });
  samples.follow();
  questions[0].refuse({ status: 422 });
  await settled();
  assert.deepEqual([store.get().samples, questions.length], [null, 1]);
});

test("a server that is away is asked again when something changes, and the samples stay", async () => {
  const known = { train: 0 };
  store.set({ samples: known });
  samples.follow();
  questions[0].refuse({ status: 0 });
  await settled();
  assert.deepEqual([store.get().samples, questions.length], [known, 1]);
  samples.follow();
  assert.equal(questions.length, 2);
});
