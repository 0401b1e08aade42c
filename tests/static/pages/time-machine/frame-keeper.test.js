import assert from "node:assert/strict";
import { test } from "node:test";
import { createFrameKeeper } from "../../../../static/js/pages/time-machine/frame-keeper.js";
import { openRun, reduceRun } from "../../../../static/js/state/run-reducer.js";
import { createStore } from "../../../../static/js/state/store.js";
import { noTime } from "../../../../static/js/state/time-machine.js";
import { makeAnswer, makeColumns } from "../../builders.js";

const weights = Buffer.from(new Float32Array([0.5, -2]).buffer).toString("base64");

test("each frame is decoded and kept once, with the numbers of its epoch", () => {
  const told = reduceRun(openRun(makeAnswer(), { epoch: [] }), { type: "metrics", data: makeColumns(1, 4) });
  const run = reduceRun(told, { type: "frame", data: { epoch: 4, step: 100, weights } });
  const store = createStore(/** @type {any} */ ({ run, timeMachine: noTime }));
  const keeper = createFrameKeeper(store);
  keeper.follow();
  const once = store.get().timeMachine;
  keeper.follow();
  assert.equal(store.get().timeMachine, once);
  assert.deepEqual(once.epochs, [4]);
  assert.deepEqual([...once.live.weights], [0.5, -2]);
  assert.equal(once.live.metrics.loss, 1 / 4);
});

test("a frame of an epoch that is not the newest keeps no numbers of another epoch", () => {
  const run = { ...openRun(makeAnswer({ epoch: 9 }), { epoch: [] }), frame: { epoch: 5, step: 1, weights } };
  const store = createStore(/** @type {any} */ ({ run, timeMachine: noTime }));
  createFrameKeeper(store).follow();
  assert.equal(store.get().timeMachine.live.metrics, null);
});
