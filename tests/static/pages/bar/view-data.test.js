import assert from "node:assert/strict";
import { test } from "node:test";
import { runNumbersData } from "../../../../static/js/pages/bar/view-data.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { noTime, travelBy, withFrame } from "../../../../static/js/state/time-machine.js";
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
