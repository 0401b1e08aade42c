import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerHealth } from "../../../static/js/pages/server-health.js";
import { openRun } from "../../../static/js/state/run-reducer.js";
import { createStore } from "../../../static/js/state/store.js";
import { makeAnswer, makeColumns } from "../builders.js";

/** @param {{run?: any, isHidden?: boolean, answers: (() => Promise<any>)[]}} scene */
function makeScene({ run = openRun(makeAnswer(), makeColumns(1)), isHidden = false, answers }) {
  /** @type {(() => void)[]} */
  const waiting = [];
  const store = createStore(/** @type {any} */ ({ run, problems: [] }));
  let asked = 0;
  const fetchHealth = () => {
    asked += 1;
    return /** @type {() => Promise<any>} */ (answers.shift())();
  };
  const later = (/** @type {() => void} */ act) => waiting.push(act);
  new ServerHealth({ api: { fetchHealth }, store, later, isHidden: () => isHidden }).start();
  const pass = async () => {
    waiting.shift()?.();
    await new Promise(setImmediate);
  };
  return { store, pass, waiting, asked: () => asked };
}

const withProblems = (/** @type {string[]} */ ...problems) => ({ answers: [async () => ({ problems })] });

test("trouble is known, and its end", async () => {
  const scene = makeScene({ answers: [async () => ({ problems: ["storage"] }), async () => ({ problems: [] })] });
  await scene.pass();
  assert.deepEqual(scene.store.get().problems, ["storage"]);
  await scene.pass();
  assert.deepEqual(scene.store.get().problems, []);
});

test("a server that does not answer is asked again, and nothing is claimed", async () => {
  const scene = makeScene({
    answers: [() => Promise.reject(new Error("away")), async () => ({ problems: ["checkpoints"] })],
  });
  await scene.pass();
  assert.deepEqual(scene.store.get().problems, []);
  await scene.pass();
  assert.deepEqual(scene.store.get().problems, ["checkpoints"]);
});

for (const { name, scene } of [
  { name: "hidden page", scene: { isHidden: true } },
  { name: "page without a run", scene: { run: null } },
  { name: "page whose run is over", scene: { run: openRun(makeAnswer({ status: "finished" }), makeColumns(1)) } },
]) {
  test(`a ${name} asks nothing, but goes on looking`, async () => {
    const made = makeScene({ ...withProblems("storage"), ...scene });
    await made.pass();
    assert.equal(made.asked(), 0);
    assert.equal(made.waiting.length, 1);
  });
}
