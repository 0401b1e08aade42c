import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { canPause } from "../../../static/js/state/selectors.js";
import { ApiError } from "../../../static/js/transport/api.js";
import { makeAnswer, makeColumns } from "../builders.js";
import { FakeServer, openBench, settled } from "./session-bench.js";

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

beforeEach(() => {
  ({ server, store, session, timers, opened } = openBench());
});

for (const status of [404, 429]) {
  test(`a run of a link that is answered with ${status} is gone: of runs that are there nobody hears too much`, async () => {
    server.fetchHistory = async () => {
      throw new ApiError("gone", { code: "gone", status });
    };
    assert.equal(await session.open("shared"), false);
    assert.equal(state().awaited, null);
  });
}

for (const status of [0, 500, 502, 503]) {
  test(`a run of a link is not given up when the server answers ${status}: it is shown as soon as that is over`, async () => {
    server.runs.set("shared", makeAnswer({ run_id: "shared", status: "running" }));
    const answers = server.fetchHistory;
    server.fetchHistory = async () => {
      throw new ApiError("away", { code: "away", status });
    };
    assert.equal(await session.open("shared"), true);
    assert.deepEqual([state().awaited, state().isAway, state().trouble.status], ["shared", true, status]);
    for (let again = 0; again < 3; again += 1) {
      timers.at(-1)?.();
      await settled();
    }
    await session.run();
    assert.deepEqual([server.created, state().awaited], [[], "shared"]);

    server.fetchHistory = answers;
    timers.at(-1)?.();
    await settled();
    assert.equal(state().run.runId, "shared");
    assert.deepEqual([state().awaited, state().isAway, state().trouble], [null, false, null]);
    assert.deepEqual(server.created, []);
  });
}

test("a run of a link that the server does not know when it is back gives way to a new one", async () => {
  const answers = server.fetchHistory;
  server.fetchHistory = async () => {
    throw new ApiError("not reached", { code: "unreachable", status: 0 });
  };
  await session.open("gone");
  server.fetchHistory = answers;
  await session.reset();
  assert.deepEqual([state().run.runId, state().awaited, state().trouble], ["r1", null, null]);
});

test("who changes something while a link is waited for gets a run of that", async () => {
  server.fetchHistory = async () => {
    throw new ApiError("not reached", { code: "unreachable", status: 0 });
  };
  await session.open("shared");
  const answers = new FakeServer();
  server.fetchHistory = async (runId) => ({ ...(await answers.fetchHistory(runId)), run: server.runs.get(runId) });
  answers.runs = server.runs;
  session.replaceSoon();
  timers.at(-1)?.();
  await settled();
  assert.deepEqual([state().run.runId, state().awaited], ["r1", null]);
});

test("a run that the server does not know any more is over, and Run makes another one of the same settings", async () => {
  await session.begin({ paused: false });
  server.runs.clear();
  session.hear("refused");
  await settled();
  assert.deepEqual([state().run.status, state().run.reasonCode, state().isAway], ["stopped", "run_gone", false]);
  await session.run();
  assert.equal(state().run.runId, "r2");
});

test("a run that was deleted elsewhere is over, and says so", async () => {
  await session.begin({ paused: false });
  session.receive({ type: "closed", data: { reason: "deleted" } });
  assert.deepEqual([state().run.status, state().run.reasonCode], ["stopped", "run_deleted"]);
  await session.run();
  assert.equal(state().run.runId, "r2");
});

test("a gap in the story of a run that is gone ends it", async () => {
  await session.begin({ paused: false });
  server.runs.clear();
  session.receive({ type: "gap", data: { from: 3, to: 9 } });
  await settled();
  assert.deepEqual([state().run.reasonCode, state().trouble], ["run_gone", null]);
});

test("a run that lost its worker goes on by itself: no new run, no jump in its curve", async () => {
  await session.begin({ paused: false });
  const tell = (/** @type {any} */ data) =>
    session.receive({ type: "status", data: { step: 0, reason: null, ...data } });
  session.receive({ type: "metrics", data: makeColumns(1, 130) });
  tell({ status: "queued", epoch: 130, reason_code: "worker_lost", attempt: 2 });
  assert.equal(canPause(state().run), false);
  tell({ status: "queued", epoch: 130, reason_code: "worker_lost", attempt: 2, controls: { paused: false } });
  assert.equal(canPause(state().run), true);
  tell({ status: "running", epoch: 120, attempt: 2 });
  session.receive({ type: "metrics", data: makeColumns(121, 133) });
  assert.deepEqual([state().run.runId, state().run.epoch, state().run.reasonCode], ["r1", 133, null]);
  assert.deepEqual(state().run.history.epoch, makeColumns(1, 133).epoch);
  assert.deepEqual([server.created.length, opened.length], [1, 1]);
});

test("a control for a run that the server does not know any more ends the run, too", async () => {
  await session.begin({ paused: false });
  server.refusal = new ApiError("There is no such run.", { code: "unknown_run", status: 404 });
  await session.pause();
  assert.equal(state().run.reasonCode, "run_gone");
});

test("while the server is away nothing can be steered; when it is back, that is forgotten", async () => {
  await session.begin({ paused: false });
  session.hear("waiting");
  assert.ok(state().isAway && state().isWaiting);
  store.set({ trouble: new ApiError("not reached", { code: "unreachable", status: 0 }) });
  session.hear("open");
  assert.deepEqual([state().isAway, state().isWaiting, state().trouble], [false, false, null]);
});

test("a page that can only ask says so, until a line is open again", async () => {
  await session.begin({ paused: false });
  session.hear("refused");
  session.hear("asking");
  assert.deepEqual([state().isAsking, state().isWaiting, state().isAway], [true, false, false]);
  session.hear("refused");
  assert.equal(state().isWaiting, false, "that open lines are refused is known");
  session.hear("open");
  assert.equal(state().isAsking, false);
});

test("a refusal of a server that does not answer questions either means that it is away", async () => {
  await session.begin({ paused: false });
  server.fetchHistory = async () => {
    throw new ApiError("Bad gateway.", { code: "unexpected_answer", status: 502 });
  };
  session.hear("refused");
  await settled();
  assert.ok(state().isAway);
});

test("a run that could not be made because the server is away is made when it is back", async () => {
  server.refusal = new ApiError("not reached", { code: "unreachable", status: 0 });
  await session.begin({ paused: true });
  assert.equal(state().trouble.status, 0);
  server.refusal = null;
  timers.at(-1)?.();
  await settled();
  assert.deepEqual([state().run.runId, state().trouble], ["r2", null]);
});

test("while no stream is to be had, asking brings the newest numbers and opens no stream", async () => {
  await session.begin({ paused: false });
  server.runs.set("r1", makeAnswer({ run_id: "r1", status: "running", epoch: 40 }));
  session.hear("refused");
  await settled();
  assert.equal(state().run.epoch, 40);
  assert.equal(state().isAway, false);
  assert.equal(opened.length, 1);
});
