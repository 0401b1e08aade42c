import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createMemory } from "../../../../static/js/pages/memory.js";
import { RunShelf } from "../../../../static/js/pages/runs/run-shelf.js";
import { runsAtFirst } from "../../../../static/js/pages/runs/slice.js";
import { mostUnpinned } from "../../../../static/js/state/kept-runs.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { createStore } from "../../../../static/js/state/store.js";
import { ApiError } from "../../../../static/js/transport/api.js";
import { makeAnswer, makeColumns } from "../../builders.js";

/** @type {any} */
let api;
/** @type {string[]} */
let asked;
/** @type {Map<string, string>} */
let remembered;
/** @type {(() => void)[]} */
let timers;
/** @type {any} */
let store;

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
const kept = () => store.get().runs.kept;
const ids = () => kept().map((/** @type {any} */ { runId }) => runId);
const trained = (/** @type {string} */ run_id, change = {}) =>
  openRun(makeAnswer({ run_id, status: "running", epoch: 9, ...change }), makeColumns(1, 9));

/** @param {Partial<Storage>} [storage] */
function openShelf(storage = {}) {
  store = createStore(/** @type {any} */ ({ run: null, runs: runsAtFirst }));
  const getItem = (/** @type {string} */ name) => remembered.get(name) ?? null;
  const setItem = (/** @type {string} */ name, /** @type {string} */ value) => void remembered.set(name, value);
  const memory = createMemory(() => /** @type {any} */ ({ getItem, setItem, ...storage }));
  return new RunShelf({ api, store, memory, later: (act) => timers.push(act), today: () => 1000 });
}

beforeEach(() => {
  asked = [];
  timers = [];
  remembered = new Map();
  api = {
    sendControl: async (/** @type {string} */ runId, /** @type {any} */ { action }) => asked.push(`${action} ${runId}`),
    deleteRun: async (/** @type {string} */ runId) => asked.push(`delete ${runId}`),
    fetchRun: async (/** @type {string} */ run_id) => makeAnswer({ run_id, status: "stopped", epoch: 12 }),
    fetchHistory: async (/** @type {string} */ run_id) => ({
      ...makeColumns(1, 12),
      run: makeAnswer({ run_id, status: "stopped", epoch: 12 }),
    }),
  };
});

test("a run that was made here is there after a reload", () => {
  openShelf().note("r1");
  openShelf();
  assert.deepEqual(kept(), [
    { runId: "r1", name: "", madeAt: 1000, isOwn: true, isTrained: false, pin: null, rates: [] },
  ]);
});

test("a run counts as trained from its first epoch on, and that is written once", () => {
  const shelf = openShelf();
  shelf.note("r1");
  shelf.follow(/** @type {any} */ ({ run: trained("r1", { epoch: 1 }) }));
  assert.equal(kept()[0].isTrained, true);
  const before = kept();
  shelf.follow(/** @type {any} */ ({ run: trained("r1") }));
  assert.equal(kept(), before);
});

test("only rates that an epoch was trained with are noted", () => {
  const shelf = openShelf();
  shelf.note("r1");
  const see = (/** @type {number} */ epoch, /** @type {number} */ learning_rate) =>
    shelf.follow(/** @type {any} */ ({ run: trained("r1", { epoch, controls: { learning_rate, l1: 0, l2: 0 } }) }));
  const noted = () => kept()[0].rates.map((/** @type {any} */ rates) => rates.learning_rate);
  see(3, 0.1);
  see(3, 0.5);
  assert.deepEqual(noted(), [0.1]);
  see(4, 0.5);
  assert.deepEqual(noted(), [0.1, 0.5]);
  const again = openShelf();
  again.follow(/** @type {any} */ ({ run: trained("r1", { epoch: 4, controls: { learning_rate: 9, l1: 0, l2: 0 } }) }));
  assert.deepEqual(noted(), [0.1, 0.5], "after a reload, moved sliders say nothing");
});

test("a run that has ended is opened with the rates it was trained with, one that goes on with its newest", () => {
  const shelf = openShelf();
  const controls = { version: 1, learning_rate: 0.5, l1: 0, l2: 0, speed: 60, paused: true };
  shelf.note("r1");
  shelf.follow(/** @type {any} */ ({ run: trained("r1", { controls: { ...controls, learning_rate: 0.1 } }) }));
  const ended = trained("r1", { status: "stopped", controls });
  assert.equal(shelf.asTrained(ended).controls?.learning_rate, 0.1);
  assert.equal(shelf.asTrained(ended).controls?.speed, 60);
  const living = trained("r1", { status: "paused", controls });
  assert.equal(shelf.asTrained(living), living);
});

test("a trained run that is put away is stopped, and its last numbers are asked for", async () => {
  const shelf = openShelf();
  shelf.note("r1");
  shelf.putAway(trained("r1"));
  assert.equal(store.get().runs.others.r1.epoch, 9);
  for (const act of timers) act();
  await settled();
  assert.deepEqual(asked, ["stop r1"]);
  assert.deepEqual([store.get().runs.others.r1.epoch, store.get().runs.others.r1.status], [12, "stopped"]);
});

test("a run that has ended is put away without a word to the server", () => {
  const shelf = openShelf();
  shelf.note("r1");
  shelf.putAway(trained("r1", { status: "finished" }));
  assert.deepEqual([asked, timers.length, ids()], [[], 0, ["r1"]]);
});

test("an untrained run that is put away is deleted, a pinned one is kept", () => {
  const shelf = openShelf();
  const untrained = (/** @type {string} */ run_id) => openRun(makeAnswer({ run_id }), { epoch: [] });
  shelf.note("r1");
  shelf.note("r2");
  shelf.pin("r2");
  shelf.putAway(untrained("r1"));
  shelf.putAway(untrained("r2"));
  for (const act of timers) act();
  assert.deepEqual(ids(), ["r2"]);
  assert.deepEqual(asked, ["stop r2", "delete r1"]);
});

test("beyond the most that are kept, the oldest unpinned run is deleted on the server too", () => {
  const shelf = openShelf();
  for (let index = 0; index <= mostUnpinned + 1; index += 1) {
    shelf.note(`r${index}`);
    shelf.follow(/** @type {any} */ ({ run: trained(`r${index}`) }));
    if (index === 0) shelf.pin("r0");
  }
  assert.deepEqual(asked, ["delete r1"]);
  assert.ok(ids().includes("r0"));
});

test("four runs can be pinned, the fifth is refused until one is unpinned", () => {
  const shelf = openShelf();
  for (const runId of ["a", "b", "c", "d", "e"]) shelf.note(runId);
  for (const runId of ["a", "b", "c", "d"]) shelf.follow(/** @type {any} */ ({ run: trained(runId) }));
  for (const runId of ["a", "b", "c", "d", "e"]) shelf.pin(runId);
  assert.equal(store.get().runs.isFull, true);
  shelf.unpin("b");
  assert.equal(store.get().runs.isFull, false);
  shelf.pin("e");
  assert.equal(kept().find((/** @type {any} */ { runId }) => runId === "e").pin, 1);
});

test("a run of elsewhere can be pinned, is never stopped, and is only forgotten", () => {
  const shelf = openShelf();
  shelf.pin("shared");
  shelf.putAway(trained("shared"));
  shelf.unpin("shared");
  assert.deepEqual([asked, ids()], [[], []]);
});

test("a name is kept over a reload, and an empty one gives the settings' name back", () => {
  const shelf = openShelf();
  shelf.note("r1");
  shelf.rename("r1", "  my best  ");
  openShelf();
  assert.equal(kept()[0].name, "my best");
  openShelf().rename("r1", " ");
  assert.equal(kept()[0].name, "");
});

test("a run that is removed is deleted on the server and forgotten here", () => {
  const shelf = openShelf();
  shelf.note("r1");
  shelf.putAway(trained("r1"));
  shelf.putPicture("r1", "data:image/png;base64,x");
  shelf.remove(["r1"]);
  assert.deepEqual([asked.at(-1), ids(), store.get().runs.others], ["delete r1", [], {}]);
});

test("a run the server does not have any more is forgotten; one it cannot be asked about stays", async () => {
  const shelf = openShelf();
  shelf.note("gone");
  shelf.note("unreachable");
  api.fetchRun = async (/** @type {string} */ runId) => {
    throw new ApiError("no", { code: "x", status: runId === "gone" ? 404 : 0 });
  };
  await shelf.look("gone", { withHistory: false });
  await shelf.look("unreachable", { withHistory: false });
  assert.deepEqual(ids(), ["unreachable"]);
});

test("what another tab kept meanwhile is not lost", () => {
  const shelf = openShelf();
  shelf.note("here");
  const list = JSON.parse(remembered.get("neural-playground.runs") ?? "");
  remembered.set("neural-playground.runs", JSON.stringify([{ run_id: "there", is_own: true }, ...list]));
  shelf.note("here-too");
  assert.deepEqual(ids(), ["here-too", "there", "here"]);
});

for (const [name, text] of [
  ["broken JSON", '{"run'],
  ["something else", '{"a":1}'],
]) {
  test(`${name} in the memory counts as no runs`, () => {
    remembered.set("neural-playground.runs", text);
    remembered.set("neural-playground.run-pictures", text);
    const shelf = openShelf();
    shelf.note("r1");
    assert.deepEqual(ids(), ["r1"]);
    assert.deepEqual(store.get().runs.pictures, {});
  });
}

test("a memory that is full or forbidden loses nothing while the page lives", () => {
  const refuse = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  remembered.set("neural-playground.runs", '[{"run_id":"old"}]');
  const full = openShelf({ setItem: refuse });
  full.note("r1");
  full.note("r2");
  full.putPicture("r2", "data:image/png;base64,x");
  assert.deepEqual(ids(), ["r2", "r1", "old"]);
  const forbidden = openShelf({ setItem: refuse, getItem: refuse });
  forbidden.note("r1");
  forbidden.note("r2");
  assert.deepEqual(ids(), ["r2", "r1"]);
});

test("pictures are kept over a reload, those of forgotten runs are not", () => {
  const shelf = openShelf();
  shelf.note("r1");
  shelf.putPicture("r1", "data:image/png;base64,x");
  shelf.putPicture("stray", "data:image/png;base64,y");
  openShelf();
  assert.deepEqual(store.get().runs.pictures, { r1: "data:image/png;base64,x" });
});
