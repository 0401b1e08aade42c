import assert from "node:assert/strict";
import { test } from "node:test";
import {
  freePin,
  longestName,
  makeRoom,
  mostPinned,
  mostUnpinned,
  pinnedRuns,
  readKeptRuns,
  tidyName,
  withChange,
  withNewestRates,
  withoutRun,
  withRun,
  writeKeptRuns,
} from "../../../static/js/state/kept-runs.js";

/** @param {number} count @param {Record<string, any>} [about] newest first: r9, r8, … */
const keep = (count, about = {}) =>
  Array.from({ length: count }, (_unused, index) => index).reduce(
    (kept, index) => withRun(kept, `r${index}`, { madeAt: index, isOwn: true, isTrained: true, ...about }),
    /** @type {import("../../../static/js/state/kept-runs.js").KeptRun[]} */ ([]),
  );

test("what was written is read again", () => {
  const rates = [{ learning_rate: 0.03, l1: 0, l2: 0.1 }];
  const kept = withChange(keep(3), "r1", { name: "Slow one", pin: 2, rates });
  assert.deepEqual(readKeptRuns(writeKeptRuns(kept)), kept);
});

for (const text of [null, "", "{", "null", "7", '"runs"', '{"run_id":"r1"}']) {
  test(`${JSON.stringify(text)} in the memory says nothing of runs`, () => assert.equal(readKeptRuns(text), null));
}

test("entries that are no runs are left out, and odd values count as absent", () => {
  const text = JSON.stringify([
    null,
    3,
    { run_id: "../x" },
    { run_id: "ok", name: 5, made_at: "new", pin: 17, rates: [[1, 2]] },
  ]);
  assert.deepEqual(readKeptRuns(text), [
    { runId: "ok", name: "", madeAt: 0, isOwn: false, isTrained: false, pin: null, rates: [] },
  ]);
});

test("of the rates a run was trained with, the first and the newest are known", () => {
  const [first, second, third] = [0.1, 0.2, 0.3].map((learning_rate) => ({ learning_rate, l1: 0, l2: 0 }));
  let known = withNewestRates([], first);
  assert.equal(withNewestRates(known, { ...first }), known);
  known = withNewestRates(withNewestRates(known, second), third);
  assert.deepEqual(known, [first, third]);
});

test("a run that is listed twice counts once, and two runs never share a place", () => {
  const text = JSON.stringify([
    { run_id: "a", pin: 0 },
    { run_id: "a", pin: 1 },
    { run_id: "b", pin: 0 },
  ]);
  assert.deepEqual(
    readKeptRuns(text)?.map(({ runId, pin }) => [runId, pin]),
    [
      ["a", 0],
      ["b", null],
    ],
  );
});

test("a name is one short line", () => {
  assert.equal(tidyName("  my\n  best   run "), "my best run");
  assert.equal(tidyName("x".repeat(500)).length, longestName);
  assert.equal(tidyName(" \t "), "");
});

test("the newest run comes first, and a known one is not added again", () => {
  const kept = keep(2);
  assert.deepEqual(
    kept.map(({ runId }) => runId),
    ["r1", "r0"],
  );
  assert.deepEqual(withRun(kept, "r0", { madeAt: 99 }), kept);
});

test("a run can be taken out", () => {
  assert.deepEqual(
    withoutRun(keep(3), "r1").map(({ runId }) => runId),
    ["r2", "r0"],
  );
});

test("a place that was given up is the next to be taken; a full row has none", () => {
  let kept = keep(mostPinned + 1);
  for (let place = 0; place < mostPinned; place += 1) kept = withChange(kept, `r${place}`, { pin: freePin(kept) });
  assert.equal(freePin(kept), null);
  assert.equal(freePin(withChange(kept, "r1", { pin: null })), 1);
  assert.deepEqual(
    pinnedRuns(kept).map(({ runId }) => runId),
    ["r0", "r1", "r2", "r3"],
  );
});

test("the oldest unpinned run gives way, on the server too; pinned ones and the present one stay", () => {
  const kept = withChange(keep(mostUnpinned + 3), "r0", { pin: 0 });
  const { kept: left, dropped } = makeRoom(kept, "r1");
  assert.deepEqual(dropped, ["r2"]);
  assert.equal(left.length, mostUnpinned + 2);
  assert.ok(left.some(({ runId }) => runId === "r0") && left.some(({ runId }) => runId === "r1"));
});

test("runs of others are forgotten, not deleted", () => {
  const { kept, dropped } = makeRoom(keep(mostUnpinned + 2, { isOwn: false }), null);
  assert.equal(kept.length, mostUnpinned);
  assert.deepEqual(dropped, []);
});

test("runs that never trained take no place for long", () => {
  const { kept, dropped } = makeRoom(keep(30, { isTrained: false }), null);
  assert.ok(kept.length < 10);
  assert.deepEqual(dropped, []);
});
