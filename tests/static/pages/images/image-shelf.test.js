import assert from "node:assert/strict";
import { test } from "node:test";
import { ImageShelf } from "../../../../static/js/pages/images/image-shelf.js";
import { createMemory } from "../../../../static/js/pages/memory.js";
import { makeImageRun } from "./images-state.js";

function openBench() {
  /** @type {string[]} */
  const asked = [];
  const remembered = new Map();
  const memory = createMemory(() => ({
    getItem: (name) => remembered.get(name) ?? null,
    setItem: (name, value) => void remembered.set(name, value),
  }));
  const api = {
    deleteRun: async (/** @type {string} */ runId) => void asked.push(`delete ${runId}`),
    sendControl: async (/** @type {string} */ runId, /** @type {any} */ { action }) =>
      void asked.push(`${action} ${runId}`),
  };
  const shelf = new ImageShelf({ api, memory, later: (act) => act() });
  return { shelf, asked, memory };
}

test("a run that trained is stopped when another one is shown, one that never did is deleted", () => {
  const { shelf, asked } = openBench();
  shelf.note("r1");
  shelf.note("r2");
  shelf.putAway(makeImageRun());
  shelf.putAway(makeImageRun({ runId: "r2", epoch: 0 }));
  assert.deepEqual(asked, ["stop r1", "delete r2"]);
  assert.deepEqual([shelf.isOwn("r1"), shelf.isOwn("r2")], [true, false]);
});

test("a run of somebody else, and one that is over, are left alone", async () => {
  const { shelf, asked } = openBench();
  shelf.putAway(makeImageRun({ runId: "theirs" }));
  assert.equal(await shelf.makeRoomOf(makeImageRun({ runId: "theirs" })), false);
  shelf.note("r1");
  shelf.putAway(makeImageRun({ status: "finished" }));
  assert.deepEqual(asked, []);
});

test("a full server gets the place of the own run back", async () => {
  const { shelf, asked } = openBench();
  shelf.note("r1");
  assert.equal(await shelf.makeRoomOf(makeImageRun()), true);
  assert.deepEqual(asked, ["stop r1"]);
});

test("only so many runs are remembered, and a memory that holds nonsense holds none", () => {
  const { shelf, memory } = openBench();
  for (let run = 0; run < 60; run += 1) shelf.note(`r${run}`);
  assert.deepEqual([shelf.isOwn("r9"), shelf.isOwn("r10"), shelf.isOwn("r59")], [false, true, true]);
  memory.keep("image-runs", "{");
  assert.equal(shelf.isOwn("r59"), false);
});
