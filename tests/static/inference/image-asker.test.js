import assert from "node:assert/strict";
import { test } from "node:test";
import { createImageAsker } from "../../../static/js/inference/image-asker.js";

/** A worker that answers when it is told to. */
function makeBench() {
  /** @type {any[]} */
  const posted = [];
  /** @type {string[]} */
  const broken = [];
  /** @type {any} */
  const worker = { postMessage: (/** @type {any} */ message) => posted.push(message), onmessage: null, onerror: null };
  const asker = createImageAsker({ worker, onBroken: (message) => broken.push(message) });
  const ask = /** @type {(lane: any, name: any, ...given: any[]) => Promise<any>} */ (asker.ask);
  const answer = (/** @type {any} */ reply = {}) => worker.onmessage({ data: { id: posted.at(-1).id, ...reply } });
  return { posted, broken, worker, ask, answer };
}

test("one request at a time, each gets its own answer", async () => {
  const { posted, ask, answer } = makeBench();
  const [first, second] = [ask("slice", "predict", "r", 1), ask("slice", "predict", "r", 2)];
  assert.equal(posted.length, 1);
  answer({ result: "one" });
  assert.equal(posted.length, 2);
  answer({ result: "two" });
  assert.deepEqual(await Promise.all([first, second]), ["one", "two"]);
});

test("who draws overtakes a long list, and a change of the network overtakes all", () => {
  const { posted, ask, answer } = makeBench();
  ask("slice", "describe", "r", 1);
  ask("slice", "describe", "r", 2);
  ask("now", "predict", "r", 3);
  ask("model", "setWeights", "r", 4);
  for (let round = 0; round < 4; round += 1) answer({ result: null });
  assert.deepEqual(
    posted.map(({ given }) => given[1]),
    [1, 4, 3, 2],
  );
});

test("of what is drawn only the newest waits; who is overtaken hears null", async () => {
  const { posted, ask, answer } = makeBench();
  const running = ask("now", "predict", "r", 1);
  const older = ask("now", "predict", "r", 2);
  const look = ask("now", "look", "r", 2);
  const newest = ask("now", "predict", "r", 3);
  assert.equal(await older, null);
  for (const result of ["one", "look", "three"]) answer({ result });
  assert.deepEqual(await Promise.all([running, look, newest]), ["one", "look", "three"]);
  assert.equal(posted.length, 3);
});

test("an error is the asker's, and the next one is served", async () => {
  const { ask, answer } = makeBench();
  const failing = ask("slice", "predict", "r", 1);
  const next = ask("slice", "predict", "r", 2);
  answer({ error: "no" });
  await assert.rejects(failing, /no/);
  answer({ result: 5 });
  assert.equal(await next, 5);
});

test("a worker that cannot load says so, and late answers are nobody's", async () => {
  const { broken, worker, ask, answer } = makeBench();
  worker.onmessage({ data: { type: "ready" } });
  worker.onmessage({ data: { type: "failed", message: "no library" } });
  worker.onerror({ message: "broke" });
  assert.deepEqual(broken, ["no library", "broke"]);
  const asked = ask("slice", "predict", "r", 1);
  worker.onmessage({ data: { id: 99, result: "wrong" } });
  answer({ result: "right" });
  assert.equal(await asked, "right");
});
