import assert from "node:assert/strict";
import { test } from "node:test";
import { askPatiently, pollWhile } from "../../../../static/js/pages/images/patience.js";

/** @param {number[]} waits that are noted */
const noting = (waits) => async (/** @type {number} */ delayMs) => void waits.push(delayMs);

test("a question that fails is asked again, ever more rarely, until it is answered", async () => {
  /** @type {number[]} */
  const waits = [];
  const ask = async () => {
    if (waits.length < 8) throw new Error("not now");
    return "answer";
  };
  assert.equal(await askPatiently(ask, { wait: noting(waits), isWanted: () => true }), "answer");
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

test("an answer nobody waits for any more is none", async () => {
  let isWanted = true;
  const ask = async () => {
    isWanted = false;
    return "late";
  };
  assert.equal(await askPatiently(ask, { wait: noting([]), isWanted: () => isWanted }), null);
});

test("a server that does not answer is looked at more rarely, and not at all while the page is hidden", async () => {
  /** @type {number[]} */
  const waits = [];
  let looks = 0;
  const look = async () => {
    looks += 1;
    return looks > 6;
  };
  const how = { isNeeded: () => looks < 8, isHidden: () => waits.length === 1, everyMs: 500 };
  await pollWhile(look, { wait: noting(waits), ...how });
  assert.deepEqual(waits, [500, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 500].slice(0, waits.length));
  assert.equal(looks, 8);
  assert.equal(waits.length, 9);
});
