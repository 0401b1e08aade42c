import assert from "node:assert/strict";
import { test } from "node:test";
import { runNumbersData } from "../../../../static/js/pages/bar/view-data.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { makeAnswer, makeSpec } from "../../builders.js";

/** @param {Record<string, any> | null} change of the run; null: there is none */
const numbersOf = (change) =>
  runNumbersData(
    /** @type {any} */ ({
      run: change && openRun(makeAnswer(change), { epoch: [] }),
      isCreating: false,
      datasets: [],
      spec: makeSpec(),
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
