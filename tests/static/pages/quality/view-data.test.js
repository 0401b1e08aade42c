import assert from "node:assert/strict";
import { test } from "node:test";
import { withChosen, withShare } from "../../../../static/js/pages/quality/changes.js";
import { createMarker } from "../../../../static/js/pages/quality/room.js";
import { qualityAtFirst } from "../../../../static/js/pages/quality/slice.js";
import { currentEvaluation, markedOf, qualityData, sampleRows } from "../../../../static/js/pages/quality/view-data.js";
import { createStore } from "../../../../static/js/state/store.js";
import { makeSpec } from "../../builders.js";

const datasets = [
  { name: "circle", title: "", problem: "classification", samples: 500 },
  { name: "blobs", title: "", problem: "classification", samples: 500, classes: 3, limits: { classes: [2, 6] } },
  { name: "plane", title: "", problem: "regression", samples: 500 },
];
const spec = (/** @type {string} */ name) => makeSpec({ dataset: { ...makeSpec().dataset, name } });
/** @param {number[]} labels */
const share = (labels) => ({ features: labels.map((_label, index) => [index, -index]), labels });

/** Two classes: of four training samples the last is wrong; of two test samples none. @param {Record<string, any>} change */
function makeState(change = {}) {
  const evaluation = { runId: "r1", epoch: 7, outputs: 1, train: f32(0.1, 0.9, 0.8, 0.7), val: f32(0.3, 0.6) };
  return /** @type {any} */ ({
    translator: { language: "en" },
    palette: {},
    datasets,
    spec: spec("circle"),
    run: { runId: "r1" },
    samples: { train: share([0, 1, 1, 0]), val: share([0, 1]) },
    quality: { ...qualityAtFirst, evaluation },
    ...change,
  });
}
const f32 = (/** @type {number[]} */ ...numbers) => Float32Array.from(numbers);
/** @param {any} state @param {Record<string, any>} change */
const withQuality = (state, change) => ({ ...state, quality: { ...state.quality, ...change } });
const cell = { kind: /** @type {const} */ ("cell"), truth: 0, predicted: 1 };

test("the accuracies are those of each share", () => {
  const { headlines, hasGap } = qualityData(makeState());
  assert.deepEqual(headlines.train, { value: 3 / 4, right: 3, total: 4, error: null });
  assert.deepEqual(headlines.val, { value: 1, right: 2, total: 2, error: null });
  assert.equal(hasGap, false);
});

test("much better on what was learned than on what was not is told", () => {
  const samples = { train: share([0, 1, 1, 1]), val: share([1, 1]) };
  assert.equal(qualityData(makeState({ samples })).hasGap, true);
});

test("nothing is shown of another run, of other samples, or of another kind of answer", () => {
  assert.equal(currentEvaluation(makeState({ run: { runId: "r2" } })), null);
  assert.equal(currentEvaluation(makeState({ run: null })), null);
  assert.equal(currentEvaluation(makeState({ samples: { train: share([0]), val: share([1]) } })), null);
  assert.equal(currentEvaluation(makeState({ spec: spec("blobs") })), null);
  assert.equal(currentEvaluation(makeState())?.epoch, 7);
  assert.equal(qualityData(makeState({ run: null })).headlines.val.value, null);
});

test("a pressed cell marks and lists its very samples, with how sure the network is", () => {
  const state = withQuality(makeState(), { share: "train", chosen: cell });
  assert.deepEqual(markedOf(state), { split: "train", indices: [3] });
  const { listed } = qualityData(state);
  assert.equal(listed?.total, 1);
  assert.deepEqual(listed?.rows, [{ place: [3, -3], predicted: 1, certainty: Math.fround(0.7) }]);
});

test("a single unit that says class 0 is as sure as it is far from 1", () => {
  const state = withQuality(makeState(), { share: "val", chosen: { ...cell, predicted: 0 } });
  assert.equal(qualityData(state).listed?.rows[0].certainty, 1 - Math.fround(0.3));
});

test("of several classes the likeliest is listed with its own probability", () => {
  const evaluation = { runId: "r1", epoch: 1, outputs: 3, train: f32(0.2, 0.5, 0.25), val: f32(0.7, 0.1, 0.2) };
  const samples = { train: share([0]), val: share([0]) };
  const state = makeState({ spec: spec("blobs"), samples });
  const { listed } = qualityData(withQuality(state, { evaluation, share: "train", chosen: cell }));
  assert.deepEqual(listed?.rows, [{ place: [0, -0], predicted: 1, certainty: 0.5 }]);
});

test("a long list is cut, and tells how many there are", () => {
  const count = sampleRows + 5;
  const labels = Array.from({ length: count }, () => 0);
  const evaluation = { runId: "r1", epoch: 1, outputs: 1, train: f32(...labels.map(() => 0.9)), val: f32(0, 0) };
  const state = makeState({ samples: { train: share(labels), val: share([0, 1]) } });
  const { listed } = qualityData(withQuality(state, { evaluation, share: "train", chosen: cell }));
  assert.deepEqual([listed?.total, listed?.rows.length], [count, sampleRows]);
});

test("numbers have an explained share, a mean error and their largest errors", () => {
  const evaluation = { runId: "r1", epoch: 1, outputs: 1, train: f32(1.5, 2, 2, 4.5), val: f32(0, 1) };
  const samples = { train: share([1, 2, 3, 4]), val: share([0, 2]) };
  const state = withQuality(makeState({ spec: spec("plane"), samples }), { evaluation, share: "train" });
  const { headlines, fit, confusion, range } = qualityData(state);
  assert.deepEqual(headlines.train, { value: 1 - 1.5 / 5, right: null, total: null, error: 0.5 });
  assert.deepEqual(headlines.val, { value: 0.5, right: null, total: null, error: 0.5 });
  assert.equal(fit?.largest[0].sample, 2);
  assert.equal(confusion, null);
  assert.deepEqual(range, [-0.32, 4.32]);
});

test("what did not change is the same object", () => {
  const state = withQuality(makeState(), { chosen: cell });
  const [one, other] = [qualityData(state), qualityData({ ...state, pointed: {} })];
  for (const [name, value] of Object.entries(one)) assert.equal(value, /** @type {any} */ (other)[name], name);
});

test("pressing what is chosen lets go of it", () => {
  const chosen = withChosen(qualityAtFirst, cell);
  assert.deepEqual(chosen.chosen, cell);
  assert.equal(withChosen(chosen, { ...cell }).chosen, null);
});

test("a cell stays chosen when the share changes, a sample does not", () => {
  assert.deepEqual(withShare(withChosen(qualityAtFirst, cell), "train").chosen, cell);
  const sample = withChosen(qualityAtFirst, { kind: "sample", sample: 3 });
  assert.equal(withShare(sample, "train").chosen, null);
  assert.deepEqual(withShare(sample, "val").chosen, { kind: "sample", sample: 3 });
});

test("the marks follow what the network says, and go with the samples they are of", () => {
  const store = createStore(makeState());
  store.subscribe(createMarker(store));
  store.set({ panel: "quality" });
  store.set({ quality: { ...store.get().quality, share: "train", chosen: cell } });
  assert.deepEqual(store.get().quality.marked, { split: "train", indices: [3] });

  const evaluation = { runId: "r1", epoch: 8, outputs: 1, train: f32(0.9, 0.9, 0.8, 0.7), val: f32(0.3, 0.6) };
  store.set({ quality: { ...store.get().quality, evaluation } });
  assert.deepEqual(store.get().quality.marked, { split: "train", indices: [0, 3] });

  store.set({ samples: { train: share([1, 1, 1, 0]), val: share([0, 1]) } });
  assert.deepEqual([store.get().quality.chosen, store.get().quality.marked], [null, null]);
});
