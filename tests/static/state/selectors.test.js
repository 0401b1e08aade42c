import assert from "node:assert/strict";
import { test } from "node:test";
import { openRun } from "../../../static/js/state/run-reducer.js";
import {
  canPause,
  fixedPart,
  haveSameShape,
  isFinal,
  problemOf,
  statusKey,
} from "../../../static/js/state/selectors.js";
import {
  withActivation,
  withBatchSize,
  withLearningRate,
  withPenalty,
  withUnits,
} from "../../../static/js/state/spec.js";
import { makeAnswer, makeSpec } from "../builders.js";

/** @param {Record<string, any>} change */
const makeRun = (change) => openRun(makeAnswer(change), { epoch: [] });

for (const { change, isCreating = false, key } of [
  { change: { status: "queued" }, key: "status.queued" },
  { change: { status: "paused" }, key: "status.ready" },
  { change: { status: "paused", epoch: 3 }, key: "status.paused" },
  { change: { status: "running" }, key: "status.running" },
  { change: { status: "running" }, isCreating: true, key: "status.loading" },
  { change: { status: "finished", reason_code: "epochs_reached" }, key: "status.finished" },
  { change: { status: "failed", reason_code: "diverged" }, key: "reason.diverged" },
  { change: { status: "failed" }, key: "reason.internal_error" },
  { change: { status: "stopped", reason_code: "server_restarted" }, key: "reason.server_restarted" },
]) {
  test(`${JSON.stringify(change)}${isCreating ? " while a new run is made" : ""} is told as ${key}`, () => {
    assert.equal(statusKey({ run: makeRun(change), isCreating }), key);
  });
}

test("before there is a run, the page is loading", () =>
  assert.equal(statusKey({ run: null, isCreating: true }), "status.loading"));

for (const { status, final, pause } of [
  { status: "queued", final: false, pause: false },
  { status: "running", final: false, pause: true },
  { status: "paused", final: false, pause: false },
  { status: "finished", final: true, pause: false },
  { status: "failed", final: true, pause: false },
  { status: "stopped", final: true, pause: false },
]) {
  test(`a ${status} run ${final ? "is over" : "is not over"} and the button says ${pause ? "Pause" : "Run"}`, () => {
    assert.equal(isFinal(makeRun({ status })), final);
    assert.equal(canPause(makeRun({ status })), pause);
  });
}

test("a queued run that will train can be paused", () => {
  const { controls } = makeAnswer();
  assert.equal(canPause(makeRun({ status: "queued", controls: { ...controls, paused: false } })), true);
});

test("what can be steered live does not need a new run, everything else does", () => {
  const spec = makeSpec();
  assert.equal(fixedPart(withLearningRate(spec, 1)), fixedPart(spec));
  assert.equal(fixedPart(withPenalty(spec, { kind: "l2", rate: 0.1 })), fixedPart(spec));
  for (const other of [withBatchSize(spec, 9), withActivation(spec, "relu"), withUnits(spec, 0, 5)]) {
    assert.notEqual(fixedPart(other), fixedPart(spec));
  }
});

test("networks have the same shape when their inputs and units agree", () => {
  assert.ok(haveSameShape(makeSpec(), withActivation(makeSpec(), "relu")));
  assert.ok(!haveSameShape(makeSpec(), makeSpec({ features: ["x1", "x1x2"] })));
  assert.ok(!haveSameShape(makeSpec(), withUnits(makeSpec(), 1, 3)));
});

test("an unknown data set is taken for a classification", () => {
  const datasets = [{ name: "plane", title: "Plane", problem: "regression", samples: 1200 }];
  assert.equal(problemOf(datasets, "plane"), "regression");
  assert.equal(problemOf(datasets, "own"), "classification");
});
