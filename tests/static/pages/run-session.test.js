import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { withBatchSize, withLearningRate } from "../../../static/js/state/spec.js";
import { ApiError } from "../../../static/js/transport/api.js";
import { makeAnswer, makeSpec } from "../builders.js";
import { openBench, settled } from "./session-bench.js";

/** @type {import("./session-bench.js").FakeServer} */
let server;
/** @type {any} */
let store;
/** @type {import("../../../static/js/pages/run-session.js").RunSession} */
let session;
/** @type {(() => void)[]} */
let timers;
/** @type {(string | null)[]} */
let opened;

const state = () => store.get();

/** @returns {() => void} lets the server answer */
function holdBack() {
  /** @type {() => void} */
  let release = () => undefined;
  server.gate = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    release = resolve;
  });
  return release;
}

beforeEach(() => {
  ({ server, store, session, timers, opened } = openBench());
});

test("a run begins with the spec and speed of the page, and is followed from its cursor", async () => {
  await session.begin({ paused: true });
  assert.deepEqual(server.created, [{ spec: makeSpec(), paused: true, speed: 60 }]);
  assert.equal(state().run.runId, "r1");
  assert.deepEqual(opened, ["g-1"]);
});

test("a reset makes a new run of the same spec and gives the old one back", async () => {
  await session.begin({ paused: true });
  await session.reset();
  assert.deepEqual(server.created[1], server.created[0]);
  assert.deepEqual(server.deleted, [], "its model may still be loading");
  for (const act of timers) act();
  assert.deepEqual(server.deleted, ["r1"]);
  assert.equal(state().run.runId, "r2");
});

test("of many quick changes only the last becomes a run", async () => {
  await session.begin({ paused: true });
  for (const size of [11, 12, 13]) {
    store.set({ spec: withBatchSize(makeSpec(), size) });
    session.replaceSoon();
  }
  for (const act of timers) act();
  await settled();
  assert.deepEqual(
    server.created.map(({ spec }) => spec.batch_size),
    [10, 13],
  );
});

test("when an older answer comes last, the newest run stays and no run is left behind", async () => {
  await session.begin({ paused: true });
  const release = holdBack();
  const first = session.begin({ paused: true });
  server.gate = Promise.resolve();
  await session.begin({ paused: true });
  release();
  await first;
  assert.equal(state().run.runId, "r3");
  for (const act of timers) act();
  assert.deepEqual(server.deleted.sort(), ["r1", "r2"]);
  assert.deepEqual([...server.runs.keys()], ["r3"]);
});

test("Run while the run is on its way starts it as soon as it is there", async () => {
  const release = holdBack();
  const begun = session.begin({ paused: true });
  await session.run();
  assert.deepEqual(server.controls, []);
  release();
  await begun;
  await settled();
  assert.deepEqual(server.controls, [{ runId: "r1", action: "resume" }]);
});

test("Run right after a change starts the changed network, not the old one", async () => {
  await session.begin({ paused: true });
  store.set({ spec: withBatchSize(makeSpec(), 5) });
  session.replaceSoon();
  await session.run();
  assert.deepEqual([server.created[1].spec.batch_size, server.created[1].paused], [5, false]);
  for (const act of timers) act();
  await settled();
  assert.equal(server.created.length, 2);
});

for (const status of ["finished", "failed", "stopped"]) {
  test(`Run after a run has ${status} starts a new one, running`, async () => {
    await session.begin({ paused: true });
    session.receive({ type: "status", data: { status, epoch: 3, step: 75, reason: null } });
    await session.run();
    assert.equal(server.created[1].paused, false);
  });
}

test("the button answers before the server does", async () => {
  await session.begin({ paused: true });
  const release = holdBack();
  const resumed = session.run();
  assert.equal(state().run.status, "running");
  release();
  await resumed;
});

test("a step while it trains pauses first", async () => {
  await session.begin({ paused: false });
  await session.step();
  assert.deepEqual(
    server.controls.map(({ action, epochs }) => [action, epochs]),
    [
      ["pause", undefined],
      ["step", 1],
    ],
  );
});

test("a slider that moves sends its newest value, and never two at a time", async () => {
  await session.begin({ paused: false });
  const release = holdBack();
  const moved = [0.1, 0.3, 1].map((learning_rate) => session.set({ learning_rate }));
  session.set({ speed: null });
  release();
  await Promise.all(moved);
  await settled();
  assert.deepEqual(server.controls, [
    { runId: "r1", action: "set", learning_rate: 0.1 },
    { runId: "r1", action: "set", learning_rate: 1, speed: null },
  ]);
});

test("of a number that is dragged the newest value is sent, and other numbers are sent too", async () => {
  await session.begin({ paused: true });
  const release = holdBack();
  const weight = (/** @type {number} */ value) => ({ weight: { layer: 0, row: 0, unit: 1, value } });
  const bias = { bias: { layer: 0, unit: 1, value: 3 } };
  const dragging = [weight(1), weight(2), bias, weight(4)].map((edit) => session.edit(edit));
  release();
  await Promise.all(dragging);
  await settled();
  assert.deepEqual(
    server.controls.map((control) => control.weight?.value ?? control.bias),
    [1, 4, bias.bias],
  );
});

test("a number typed into a run that was replaced does not reach its successor", async () => {
  await session.begin({ paused: true });
  const release = holdBack();
  const edits = [1, 2].map((value) => session.edit({ bias: { layer: 0, unit: value, value } }));
  store.set({ run: { .../** @type {any} */ (store.get().run), runId: "r2" } });
  release();
  await Promise.all(edits);
  await settled();
  assert.deepEqual(
    server.controls.map(({ runId }) => runId),
    ["r1"],
  );
});

test("a rate moved while the run is on its way reaches the run once it is there", async () => {
  const release = holdBack();
  const begun = session.begin({ paused: true });
  store.set({ spec: withLearningRate(makeSpec(), 0.3) });
  await session.set({ learning_rate: 0.3 });
  assert.deepEqual(server.controls, []);
  release();
  await begun;
  await settled();
  assert.equal(server.controls[0].learning_rate, 0.3);
});

test("a run from the address shows its settings as they were steered", async () => {
  const controls = { version: 3, learning_rate: 0.3, l1: 0, l2: 0.01, speed: null, paused: false };
  server.runs.set("shared", makeAnswer({ run_id: "shared", status: "running", controls }));
  assert.equal(await session.open("shared"), true);
  assert.equal(state().spec.optimizer.learning_rate, 0.3);
  assert.deepEqual(state().penalty, { kind: "l2", rate: 0.01 });
  assert.equal(state().speed, null);
});

test("a run with layers that the page cannot draw is not opened", async () => {
  const layers = /** @type {any[]} */ ([{ kind: "dropout", rate: 0.2 }, ...makeSpec().layers]);
  server.runs.set("deep", makeAnswer({ run_id: "deep", spec: makeSpec({ layers }) }));
  assert.equal(await session.open("deep"), false);
  assert.deepEqual([state().run, state().spec, opened], [null, makeSpec(), []]);
});

test("what a run of elsewhere has beyond the page's controls goes into the next run too", async () => {
  const optimizer = { ...makeSpec().optimizer, momentum: 0.9 };
  const early_stopping = { metric: "val_loss", patience: 5 };
  server.runs.set("shared", makeAnswer({ run_id: "shared", spec: makeSpec({ optimizer, early_stopping }) }));
  await session.open("shared");
  await session.reset();
  assert.equal(server.created[0].spec.optimizer.momentum, 0.9);
  assert.deepEqual(server.created[0].spec.early_stopping, early_stopping);
});

test("a run that is gone cannot be opened", async () => assert.equal(await session.open("gone"), false));

test("a finished run is shown without a stream", async () => {
  server.runs.set("old", makeAnswer({ run_id: "old", status: "finished" }));
  await session.open("old");
  assert.deepEqual(opened, []);
});

test("a gap in the stream is filled from the history", async () => {
  await session.begin({ paused: false });
  server.runs.set("r1", makeAnswer({ run_id: "r1", status: "running", epoch: 900 }));
  session.receive({ type: "gap", data: {} });
  await settled();
  assert.equal(state().run.epoch, 900);
  assert.equal(opened.length, 2);
});

test("a refused spec leaves the run that is shown alone and tells what the server said", async () => {
  await session.begin({ paused: true });
  server.refusal = new ApiError("units must be 1 to 64", { code: "invalid_spec", status: 422 });
  await session.begin({ paused: true });
  assert.equal(state().trouble.message, "units must be 1 to 64");
  assert.equal(state().run.runId, "r1");
  assert.deepEqual(server.deleted, []);
});

test("a full server gets our last run back before we ask again", async () => {
  await session.begin({ paused: true });
  server.refusal = new ApiError("full", { code: "server_full", status: 503 });
  const giveBack = server.deleteRun;
  server.deleteRun = async (runId) => {
    server.refusal = null;
    return giveBack(runId);
  };
  await session.begin({ paused: true });
  assert.equal(state().run.runId, "r3");
});

test("a control that comes too late shows how the run ended, not an error", async () => {
  await session.begin({ paused: false });
  server.runs.set("r1", makeAnswer({ run_id: "r1", status: "finished", reason_code: "epochs_reached" }));
  server.refusal = new ApiError("The run is finished.", { code: "wrong_status", status: 409 });
  await session.pause();
  assert.equal(state().run.status, "finished");
  assert.equal(state().trouble, null);
});

/** The run that is shown learns. @param {number} epoch */
const train = (epoch) =>
  session.receive({ type: "status", data: { status: "running", epoch, step: epoch * 25, reason: null } });
const controlsOf = (/** @type {string} */ runId) =>
  server.controls.filter((control) => control.runId === runId).map(({ action }) => action);

test("a trained run that is replaced goes on no longer, but is kept", async () => {
  await session.begin({ paused: false });
  train(7);
  await session.reset();
  for (const act of timers) act();
  await settled();
  assert.deepEqual(server.deleted, []);
  assert.deepEqual(controlsOf("r1"), ["stop"]);
  assert.equal(state().runs.others.r1.runId, "r1");
});

test("opening another run puts the one that was shown away", async () => {
  await session.begin({ paused: false });
  train(7);
  await session.reset();
  train(3);
  assert.equal(await session.open("r1"), true);
  assert.equal(state().run.runId, "r1");
  assert.deepEqual(controlsOf("r2"), ["stop"]);
});

test("a run of elsewhere is neither stopped nor deleted when it is replaced", async () => {
  server.runs.set("shared", makeAnswer({ run_id: "shared", status: "running", epoch: 40 }));
  await session.open("shared");
  await session.reset();
  for (const act of timers) act();
  await settled();
  assert.deepEqual([server.deleted, controlsOf("shared")], [[], []]);
});

test("Run after a refusal asks for a run of the newest settings again, and leaves the one before", async () => {
  await session.begin({ paused: true });
  server.refusal = new ApiError("No room.", { code: "full", status: 503 });
  await session.begin({ paused: true });
  server.refusal = null;
  await session.run();
  await settled();
  assert.deepEqual([state().run.runId, server.created.length], ["r4", 4]);
  assert.deepEqual(controlsOf("r1"), []);
});

test("a run that is gone is no reason to begin another one when something else was asked for meanwhile", async () => {
  const opening = session.open("gone");
  await session.begin({ paused: true });
  assert.equal(await opening, true);
});

test("what was pressed before another run was opened is not done later", async () => {
  server.runs.set("other", makeAnswer({ run_id: "other" }));
  const release = holdBack();
  const begun = session.begin({ paused: true });
  await session.run();
  await session.open("other");
  release();
  await begun;
  await session.begin({ paused: true });
  await settled();
  assert.deepEqual(server.controls, []);
});

test("opening a run forgets a change that waited to become another one", async () => {
  await session.begin({ paused: true });
  server.runs.set("other", makeAnswer({ run_id: "other" }));
  store.set({ spec: withBatchSize(makeSpec(), 5) });
  session.replaceSoon();
  await session.open("other");
  for (const act of timers) act();
  await settled();
  assert.deepEqual([state().run.runId, server.created.length], ["other", 1]);
});

test("a full server gets the place of a trained run back, not the run", async () => {
  await session.begin({ paused: false });
  train(7);
  server.refusal = new ApiError("full", { code: "server_full", status: 503 });
  const begun = session.begin({ paused: true });
  await settled();
  assert.deepEqual(controlsOf("r1"), ["stop"]);
  server.refusal = null;
  for (const act of timers) act();
  await begun;
  assert.equal(state().run.runId, "r3");
  assert.deepEqual(server.deleted, []);
});

test("settings that can be no run hold everything: the last run pauses, and Run makes a new one later", async () => {
  const { server, session, store, timers } = openBench();
  await session.begin({ paused: false });
  session.replaceSoon();
  session.hold();
  await settled();
  for (const act of timers.splice(0)) act();
  assert.equal(server.created.length, 1);
  assert.deepEqual([store.get().run?.status, store.get().isCreating], ["paused", false]);
  await session.run();
  assert.equal(server.created.length, 2);
});

test("a run of somebody else that a link opened is not paused by settings that can be no run", async () => {
  const { session, store } = openBench();
  await session.begin({ paused: false });
  session.shelf.isOwn = () => false;
  session.hold();
  await settled();
  assert.equal(store.get().run?.status, "running");
});
