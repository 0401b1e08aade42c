import assert from "node:assert/strict";
import { test } from "node:test";
import { controlOf, whyNotEditable, withEdit } from "../../../../static/js/pages/network/editing.js";
import { makeSpec } from "../../builders.js";

const run = { runId: "r1", status: "paused" };
const live = { shownEpoch: null };
const layers = [
  { inputs: 2, units: 2, kernel: Float32Array.of(1, 2, 3, 4), bias: Float32Array.of(5, 6), normalization: null },
];

/** @param {Record<string, any>} change @returns {any} */
const stateOf = (change = {}) => ({
  run,
  picture: { runId: "r1", layers },
  isCreating: false,
  timeMachine: live,
  ...change,
});

test("a number of a living run can be changed, paused or training", () => {
  assert.equal(whyNotEditable(stateOf()), "");
  assert.equal(whyNotEditable(stateOf({ run: { ...run, status: "running" } })), "");
});

test("who looks at an earlier epoch, at an ended run or at one that is on its way is told why nothing can be changed", () => {
  assert.equal(whyNotEditable(stateOf({ timeMachine: { shownEpoch: 3 } })), "edit.past");
  assert.equal(whyNotEditable(stateOf({ run: { ...run, status: "finished" } })), "edit.ended");
  assert.equal(whyNotEditable(stateOf({ isCreating: true })), "edit.waiting");
  assert.equal(whyNotEditable(stateOf({ picture: { runId: "r0", layers } })), "edit.waiting");
});

test("the server counts layers of every kind, the output last", () => {
  const spec = makeSpec({
    layers: /** @type {any} */ ([
      { kind: "dense", units: 4, activation: "tanh" },
      { kind: "dropout", rate: 0.2 },
      { kind: "dense", units: 2, activation: "tanh" },
    ]),
  });
  const edit = { unit: 1, row: 0, value: 0.5 };
  assert.deepEqual(controlOf(spec, { layer: 0, ...edit }), { weight: { layer: 0, row: 0, unit: 1, value: 0.5 } });
  assert.deepEqual(controlOf(spec, { layer: 1, ...edit }), { weight: { layer: 2, row: 0, unit: 1, value: 0.5 } });
  const bias = { layer: 2, unit: 0, row: null, value: -1 };
  assert.deepEqual(controlOf(spec, bias), { bias: { layer: 3, unit: 0, value: -1 } });
});

test("the drawing of a paused run shows a number that was typed at once and leaves the others", () => {
  const edited = /** @type {any} */ (withEdit(stateOf(), { layer: 0, unit: 1, row: 0, value: 9 }));
  assert.deepEqual([...edited.picture.layers[0].kernel], [1, 9, 3, 4]);
  assert.deepEqual([...layers[0].kernel], [1, 2, 3, 4], "what was there stays as it was");
  const biased = /** @type {any} */ (withEdit(stateOf(), { layer: 0, unit: 0, row: null, value: 7 }));
  assert.deepEqual([...biased.picture.layers[0].bias], [7, 6]);
});

test("while the network trains the next frame brings the number", () => {
  const training = stateOf({ run: { ...run, status: "running" } });
  assert.deepEqual(withEdit(training, { layer: 0, unit: 1, row: 0, value: 9 }), {});
});
