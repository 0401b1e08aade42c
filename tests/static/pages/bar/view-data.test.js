import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeData, runNumbersData } from "../../../../static/js/pages/bar/view-data.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { noTime, travelBy, withFrame } from "../../../../static/js/state/time-machine.js";
import { ApiError } from "../../../../static/js/transport/api.js";
import { makeAnswer, makeSpec } from "../../builders.js";

/** @param {Record<string, any> | null} change of the run; null: there is none */
const numbersOf = (change) =>
  runNumbersData(
    /** @type {any} */ ({
      run: change && openRun(makeAnswer(change), { epoch: [] }),
      isCreating: false,
      datasets: [],
      spec: makeSpec(),
      timeMachine: noTime,
    }),
  );

for (const { name, change, isInLine, ahead } of [
  { name: "the third in line", change: { status: "queued", position: 3 }, isInLine: true, ahead: 2 },
  { name: "the next", change: { status: "queued", position: 1 }, isInLine: true, ahead: 0 },
  { name: "a run on its way to a worker", change: { status: "queued" }, isInLine: false, ahead: 0 },
  { name: "a running one", change: { status: "running" }, isInLine: false, ahead: 0 },
  { name: "no run", change: null, isInLine: false, ahead: 0 },
]) {
  test(`${name} is ${isInLine ? "" : "not "}in line behind ${ahead} others`, () => {
    const numbers = numbersOf(change);
    assert.deepEqual([numbers.isInLine, numbers.ahead], [isInLine, ahead]);
  });
}

test("while another moment is shown, the numbers are those of that moment", () => {
  const run = openRun(makeAnswer({ status: "running", epoch: 9 }), { epoch: [] });
  const machine = [4, 9].reduce(
    (kept, epoch) => withFrame(kept, "r1", { epoch, weights: new Float32Array(1), metrics: { loss: epoch / 10 } }),
    noTime,
  );
  const state = { run, isCreating: false, datasets: [], spec: makeSpec(), timeMachine: travelBy(machine, -1) };
  const numbers = runNumbersData(/** @type {any} */ (state));
  assert.deepEqual([numbers.epoch, numbers.loss], [4, 0.4]);
});

test("weights that a penalty pulled to nothing are the sentence under the network, while they are shown", () => {
  const layers = [{ inputs: 2, units: 1, kernel: Float32Array.of(0.001, 0), bias: Float32Array.of(0.7) }];
  const shown = (/** @type {Record<string, any>} */ change, /** @type {Record<string, any>} */ answer) =>
    runNumbersData(
      /** @type {any} */ ({
        run: openRun(makeAnswer({ status: "running", epoch: 9, ...answer }), { epoch: [] }),
        picture: { runId: "r1", layers },
        isCreating: false,
        datasets: [],
        spec: makeSpec({ regularization: { l1: 0, l2: 0.3 } }),
        timeMachine: noTime,
        ...change,
      }),
    ).sentence;
  assert.equal(shown({}, {}), "status.collapsed");
  assert.equal(shown({}, { status: "paused" }), "status.collapsed");
  assert.equal(shown({}, { status: "paused", epoch: 0 }), "status.ready");
  assert.equal(shown({ spec: makeSpec() }, {}), "status.running");
  assert.equal(shown({ picture: { runId: "r0", layers } }, {}), "status.running");
  assert.equal(shown({ isCreating: true }, {}), "status.loading");
});

test("of a run that diverged the sentence says the heart", () => {
  const answer = makeAnswer({ status: "failed", reason_code: "diverged", epoch: 3 });
  const state = { run: openRun(answer, { epoch: [] }), isCreating: false, datasets: [], spec: makeSpec() };
  const shown = runNumbersData(/** @type {any} */ ({ ...state, picture: null, timeMachine: noTime }));
  assert.equal(shown.sentence, "status.diverged");
});

for (const { name, state, said } of [
  { name: "server that cannot save", state: { problems: ["storage"] }, said: "connection.not_saved" },
  { name: "server that cannot keep weights", state: { problems: ["checkpoints"] }, said: "connection.not_saved" },
  { name: "server with a worker less", state: { problems: ["workers"], isAsking: false }, said: "" },
  { name: "open line", state: { isWaiting: false, isAsking: false }, said: "" },
  { name: "cut line", state: { isWaiting: true, isAsking: false }, said: "connection.waiting" },
  { name: "line that does not stay open", state: { isWaiting: false, isAsking: true }, said: "connection.asking" },
  { name: "cut line that did not stay open", state: { isWaiting: true, isAsking: true }, said: "connection.waiting" },
]) {
  test(`of the ${name} the quiet bar says "${said}"`, () => {
    const translator = { language: "en", t: (/** @type {string} */ key) => key };
    const bar = noticeData(/** @type {any} */ ({ run: null, trouble: null, problems: [], translator, ...state }));
    assert.deepEqual([bar.connection, bar.isLasting], [said, said === "connection.asking"]);
  });
}

for (const { code, status, retryAfterS = null, said } of [
  { code: "unreachable", status: 0, said: "notice.unreachable 1" },
  { code: "too_many_requests", status: 429, retryAfterS: 7, said: "notice.too_many_requests 7" },
  { code: "other_origin", status: 403, said: "notice.other_origin 1" },
  { code: "invalid_spec", status: 422, said: "the server's own sentence" },
]) {
  test(`a refusal with ${status} ${code} is told as "${said}"`, () => {
    const translator = {
      language: "en",
      t: (/** @type {string} */ key, values = { seconds: "" }) => `${key} ${values.seconds}`,
    };
    const trouble = new ApiError("the server's own sentence", { code, status, retryAfterS });
    const { notice } = noticeData(/** @type {any} */ ({ run: null, trouble, problems: [], translator }));
    assert.equal(notice?.text, said);
    assert.equal(notice?.act.intent, "reset");
  });
}

for (const { name, change, chip, bar } of [
  {
    name: "whose worker was lost",
    change: { status: "queued", reason_code: "worker_lost", epoch: 1200 },
    chip: "status.resuming",
    bar: "resumed.worker_lost 1,200",
  },
  {
    name: "of a restarted server",
    change: { status: "queued", reason_code: "server_restarted", epoch: 7 },
    chip: "status.resuming",
    bar: "resumed.server_restarted 7",
  },
  {
    name: "whose worker is silent",
    change: { status: "running", reason_code: "not_responding", epoch: 7 },
    chip: "status.silent",
    bar: "running.not_responding 7",
  },
]) {
  test(`of a run ${name} the sentence is short, and the quiet bar says it at length`, () => {
    assert.equal(numbersOf(change).sentence, chip);
    const translator = {
      language: "en",
      t: (/** @type {string} */ key, values = { epoch: "" }) => `${key} ${values.epoch}`,
    };
    const state = { run: openRun(makeAnswer(change), { epoch: [] }), trouble: null, translator, problems: [] };
    assert.equal(noticeData(/** @type {any} */ (state)).connection, bar);
    assert.equal(noticeData(/** @type {any} */ ({ ...state, isCreating: true })).connection, "");
  });
}
