import assert from "node:assert/strict";
import { test } from "node:test";
import { timeMachineData } from "../../../../static/js/pages/time-machine/view-data.js";
import { noTime, travelBy, withFrame } from "../../../../static/js/state/time-machine.js";

const machine = [0, 4, 9].reduce(
  (kept, epoch) => withFrame(kept, "r1", { epoch, weights: new Float32Array(1), metrics: null }),
  noTime,
);

/** @param {any} timeMachine @param {any} run */
const dataOf = (timeMachine, run = { runId: "r1", epoch: 12 }) => {
  const { translator: _translator, ...data } = timeMachineData(/** @type {any} */ ({ run, timeMachine }));
  return data;
};

test("live, the slider stands at the newest moment that is kept", () => {
  assert.deepEqual(dataOf(machine), { first: 0, last: 9, shown: 9, newest: 12, isLive: true, hasPast: true });
});

test("at another moment it stands there, and says how far the run has come", () => {
  const data = dataOf(travelBy(machine, -1));
  assert.deepEqual([data.shown, data.newest, data.isLive], [4, 12, false]);
});

test("without two moments of the run that is shown there is nowhere to go", () => {
  assert.equal(dataOf(noTime).hasPast, false);
  const { isLive, hasPast } = dataOf(travelBy(machine, -1), { runId: "r2", epoch: 0 });
  assert.deepEqual([isLive, hasPast], [true, false]);
  assert.equal(dataOf(machine, null).hasPast, false);
});
