import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { runEventTypes } from "../../../static/js/state/run-events.js";
import { historyLimit, openRun, reduceRun } from "../../../static/js/state/run-reducer.js";
import { makeAnswer, makeColumns } from "../builders.js";

const empty = { epoch: [], step: [], loss: [], val_loss: [] };
/** @param {Record<string, any>} change */
const makeRun = (change = {}) => openRun(makeAnswer(change), empty);
/** @param {string} type @param {any} data */
const event = (type, data) => /** @type {any} */ ({ type, data });

test("an opened run shows the numbers of the untrained network", () => {
  const run = makeRun();
  assert.equal(run.epoch, 0);
  assert.equal(run.metrics.val_loss, 0.71);
});

test("the cursor beside the columns of a history is no column", () => {
  const run = openRun(makeAnswer(), /** @type {any} */ ({ ...makeColumns(1, 3), cursor: "g-7", run: {} }));
  assert.deepEqual(Object.keys(run.history), ["epoch", "step", "loss", "val_loss"]);
});

test("metrics append their epochs and bring the newest numbers", () => {
  const run = reduceRun(makeRun(), event("metrics", makeColumns(1, 3)));
  assert.deepEqual(run.history.epoch, [1, 2, 3]);
  assert.equal(run.epoch, 3);
  assert.equal(run.step, 75);
  assert.equal(run.metrics.loss, 1 / 3);
  assert.equal("epoch" in run.metrics, false);
});

test("a replay after a cut changes nothing", () => {
  const once = reduceRun(makeRun(), event("metrics", makeColumns(1, 5)));
  const twice = reduceRun(reduceRun(once, event("metrics", makeColumns(1, 3))), event("metrics", makeColumns(2, 5)));
  assert.deepEqual(twice.history, once.history);
  assert.equal(twice.epoch, 5);
});

test("wherever the stream is cut and replayed, the run is the same", () => {
  const whole = reduceRun(makeRun(), event("metrics", makeColumns(1, 20)));
  for (let cut = 1; cut < 20; cut += 1) {
    for (let back = 0; back < cut; back += 3) {
      const first = reduceRun(makeRun(), event("metrics", makeColumns(1, cut)));
      assert.deepEqual(reduceRun(first, event("metrics", makeColumns(cut - back + 1, 20))), whole);
    }
  }
});

test("a status without metrics keeps those that are known", () => {
  const trained = reduceRun(makeRun(), event("metrics", makeColumns(1, 3)));
  const run = reduceRun(trained, event("status", { status: "paused", epoch: 3, step: 75, reason: null, metrics: {} }));
  assert.equal(run.status, "paused");
  assert.equal(run.metrics.loss, 1 / 3);
});

test("a failed run says why", () => {
  const data = {
    status: "failed",
    epoch: 9,
    step: 225,
    reason: "The loss is no longer a number.",
    reason_code: "diverged",
  };
  const run = reduceRun(makeRun(), event("status", data));
  assert.equal(run.reasonCode, "diverged");
  assert.equal(run.reason, "The loss is no longer a number.");
});

test("a loss that is not a number is a hole in the curve, not the end of it", () => {
  const columns = { epoch: [1, 2, 3], step: [25, 50, 75], loss: [0.5, null, 0.4], val_loss: [0.5, null, 0.4] };
  const run = reduceRun(makeRun(), event("metrics", columns));
  assert.deepEqual(run.history.loss, [0.5, null, 0.4]);
});

test("only the newest frame is kept", () => {
  const frames = [1, 2].map((epoch) => event("frame", { epoch, step: epoch, weights: "AAAA" }));
  assert.equal(frames.reduce(reduceRun, makeRun()).frame?.epoch, 2);
});

test("controls are echoed", () => {
  const controls = { version: 4, learning_rate: 0.1, l1: 0, l2: 0, speed: null, paused: false };
  const data = { status: "running", epoch: 1, step: 25, reason: null, controls };
  assert.deepEqual(reduceRun(makeRun(), event("status", data)).controls, controls);
});

test("an event of type bye changes nothing", () => {
  const run = makeRun();
  assert.equal(reduceRun(run, event("bye", {})), run);
});

const streamFolder = new URL("../../contract/stream_events/", import.meta.url);
for (const file of readdirSync(streamFolder)) {
  const golden = JSON.parse(readFileSync(new URL(file, streamFolder), "utf8"));
  test(`the page listens for the event of ${file}, which is not about the run itself`, () => {
    assert.ok(runEventTypes.includes(golden.event));
    const run = makeRun();
    assert.equal(reduceRun(run, event(golden.event, golden.data)), run);
  });
}

test("the newest gradients are kept, and the moment they are of", () => {
  const first = reduceRun(makeRun(), event("gradients", { epoch: 3, step: 75, layers: [] }));
  const second = reduceRun(first, event("gradients", { epoch: 9, step: 225, layers: [] }));
  assert.deepEqual([makeRun().gradients, first.gradients?.epoch, second.gradients?.epoch], [null, 3, 9]);
});

/** @param {Record<string, any>} change */
const progress = (change = {}) =>
  event("progress", {
    epoch: 1,
    phase: "training",
    batch: 5,
    batches: 20,
    loss: 1.5,
    accuracy: 0.4,
    remaining_s: 9,
    ...change,
  });

test("progress within an epoch is shown and becomes rows between the epochs", () => {
  const running = reduceRun(makeRun(), event("status", { status: "running", epoch: 0, step: 0, reason: null }));
  const run = [progress(), progress({ batch: 10, loss: 1.2 })].reduce(reduceRun, running);
  assert.equal(run.progress?.batch, 10);
  assert.deepEqual(run.batches, { epoch: [0.25, 0.5], loss: [1.5, 1.2], accuracy: [0.4, 0.4] });
});

test("measuring adds no row, and the end of the epoch ends its progress but not that of the next", () => {
  const measuring = [progress(), progress({ phase: "measuring", batch: 3 })].reduce(reduceRun, makeRun());
  assert.equal(measuring.batches.epoch.length, 1);
  assert.equal(reduceRun(measuring, event("metrics", makeColumns(1, 1))).progress, null);
  const next = reduceRun(measuring, progress({ epoch: 2 }));
  assert.equal(reduceRun(next, event("metrics", makeColumns(1, 1))).progress?.epoch, 2);
});

test("progress of an epoch that is told already, or of a run that stopped, is over", () => {
  const told = reduceRun(makeRun(), event("metrics", makeColumns(1, 3)));
  assert.equal(reduceRun(told, progress({ epoch: 3 })), told);
  const stopped = event("status", { status: "stopped", epoch: 3, step: 75, reason: null });
  assert.equal(reduceRun(reduceRun(told, progress({ epoch: 4 })), stopped).progress, null);
});

const goldenFolder = new URL("../../contract/run_events/", import.meta.url);
for (const file of readdirSync(goldenFolder)) {
  const golden = JSON.parse(readFileSync(new URL(file, goldenFolder), "utf8"));
  test(`the page listens for the event of ${file} and can take it`, () => {
    assert.ok(runEventTypes.includes(golden.event));
    const run = reduceRun(makeRun(), event(golden.event, golden.data));
    const { status, position } = golden.event === "status" ? golden.data : makeRun();
    assert.deepEqual([run.status, run.position], [status, position]);
  });
}

test("a waiting run has its place in line from the first answer on, until it gets its turn", () => {
  const waiting = makeRun({ status: "queued", position: 4 });
  const data = { epoch: 0, step: 0, reason: null };
  const nearer = reduceRun(waiting, event("status", { ...data, status: "queued", position: 1 }));
  const training = reduceRun(nearer, event("status", { ...data, status: "running", position: null }));
  const old = reduceRun(nearer, event("status", { ...data, status: "running" }));
  assert.deepEqual(
    [waiting, nearer, training, old].map(({ position }) => position),
    [4, 1, null, null],
  );
});

test("a run that no worker knows yet has no place in line", () => {
  assert.equal(makeRun({ status: "queued" }).position, null);
});

test("an endless run keeps a bounded history", () => {
  let run = makeRun();
  for (let from = 1; from < 20_000; from += 500) run = reduceRun(run, event("metrics", makeColumns(from, from + 499)));
  assert.ok(run.history.epoch.length <= historyLimit + 2);
  assert.equal(run.history.epoch.at(-1), 20_000);
});

test("a reduced run leaves the one before as it was", () => {
  const before = Object.freeze(makeRun());
  Object.freeze(before.history.epoch);
  reduceRun(before, event("metrics", makeColumns(1, 3)));
  assert.deepEqual(before.history.epoch, []);
});
