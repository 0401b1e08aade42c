import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkSession } from "../../../../static/js/pages/images/network-session.js";
import { createStore } from "../../../../static/js/state/store.js";

const epochFrame = (/** @type {number} */ epoch) => ({ epoch, step: epoch, weights: btoa("\0\0\0\0") });
const aRun = { runId: "r", status: "running", epoch: 0, frame: null };

/** A server and a worker that answer at once, and remember what they were asked. @param {any} change of the run */
function makeBench(change = {}) {
  const store = createStore(/** @type {any} */ ({ run: { ...aRun, ...change }, model: null }));
  /** @type {string[]} */
  const fetched = [];
  /** @type {any[]} */
  const asked = [];
  const bench = {
    store,
    fetched,
    asked,
    /** @type {any} */
    check: { equal: true },
    fails: 0,
    open: 0,
    mostOpen: 0,
    setRun: (/** @type {any} */ next) => store.set({ run: /** @type {any} */ ({ ...store.get().run, ...next }) }),
  };
  const api = {
    async fetchModelFiles(/** @type {string} */ runId) {
      fetched.push(runId);
      bench.open += 1;
      bench.mostOpen = Math.max(bench.mostOpen, bench.open);
      await new Promise((done) => setTimeout(done, 1));
      bench.open -= 1;
      bench.fails -= 1;
      if (bench.fails >= 0) throw new Error("not yet");
      return { epoch: store.get().run?.epoch };
    },
  };
  const asker = {
    async ask(/** @type {string} */ lane, /** @type {string} */ name, /** @type {any[]} */ ...given) {
      asked.push([lane, name, ...given]);
      if (name !== "load") return "answer";
      return { runId: given[0], epoch: given[1].epoch, info: { outputs: 1 }, check: bench.check };
    },
  };
  const wait = (/** @type {number} */ delayMs) => new Promise((done) => setTimeout(done, delayMs > 2000 ? 5 : 1));
  let clock = 0;
  const now = () => {
    clock += 1;
    return clock;
  };
  const session = new NetworkSession(/** @type {any} */ ({ api, store, asker, wait, now }));
  store.subscribe(() => session.follow());
  return { ...bench, bench, session };
}

const settled = () => new Promise((done) => setTimeout(done, 60));

test("the network of a run is loaded with Keras' verdict", async () => {
  const { store, session, fetched } = makeBench();
  session.follow();
  await settled();
  assert.equal(fetched.length, 1);
  assert.equal(store.get().model?.runId, "r");
  assert.deepEqual(store.get().model?.check, { equal: true });
});

test("frames bring the weights of a small network: its files are fetched once", async () => {
  const { store, session, fetched, asked, setRun } = makeBench();
  session.follow();
  await settled();
  for (const epoch of [1, 2, 3]) {
    setRun({ epoch, frame: epochFrame(epoch) });
    await settled();
  }
  assert.equal(fetched.length, 1);
  assert.equal(asked.filter(([, name]) => name === "setWeights").length, 3);
  assert.equal(store.get().model?.epoch, 3);
});

test("a large network is fetched again when a new epoch is told, one fetch at a time", async () => {
  const { store, session, fetched, bench, setRun } = makeBench();
  session.follow();
  await settled();
  for (const epoch of [1, 2, 3, 4, 5]) setRun({ epoch });
  await settled();
  assert.ok(fetched.length >= 2 && fetched.length < 6, `${fetched.length} fetches`);
  assert.equal(bench.mostOpen, 1);
  assert.equal(store.get().model?.epoch, 5);
});

test("when a run ends, its last weights are compared with Keras once more", async () => {
  const { session, fetched, setRun } = makeBench();
  session.follow();
  await settled();
  setRun({ epoch: 3, frame: epochFrame(3) });
  await settled();
  setRun({ status: "finished" });
  await settled();
  assert.equal(fetched.length, 2);
});

test("files that are not there yet are asked for again", async () => {
  const { store, session, bench, fetched } = makeBench();
  bench.fails = 2;
  session.follow();
  await settled();
  assert.equal(fetched.length, 3);
  assert.equal(store.get().model?.failure, null);
});

test("a model and a probe of two moments are fetched again, but not for ever", async () => {
  const { session, bench, fetched } = makeBench();
  bench.check = null;
  session.follow();
  await settled();
  await settled();
  assert.equal(fetched.length, 5);
});

test("another run takes the place of the one before, whose late files are dropped", async () => {
  const { store, session, setRun } = makeBench();
  session.follow();
  setRun({ runId: "s" });
  await settled();
  assert.equal(store.get().model?.runId, "s");
});

test("a question is asked of the network that is loaded; without one there is no answer", async () => {
  const { session, asked } = makeBench();
  const picture = new Uint8Array(1);
  assert.equal(await session.ask("now", "predict", picture), null);
  session.follow();
  await settled();
  assert.equal(await session.ask("now", "predict", picture), "answer");
  assert.deepEqual(asked.at(-1), ["now", "predict", "r", picture]);
});
