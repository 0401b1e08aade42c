import assert from "node:assert/strict";
import { test } from "node:test";
import { qualityAtFirst } from "../../../../../static/js/pages/images/quality/slice.js";
import { TestSession } from "../../../../../static/js/pages/images/quality/test-session.js";
import { createStore } from "../../../../../static/js/state/store.js";

const total = 600;

/** A picture has one byte: its place. The network says class 1 to bright ones. @param {any} change */
function makeBench(change = {}) {
  const run = { runId: "r", spec: { dataset: { name: "digits" }, seed: 3 } };
  const model = { runId: "r", epoch: 1, version: 1, info: { outputs: 1, shape: [1, 1, 1], layers: [] } };
  const store = createStore(
    /** @type {any} */ ({ run, model, datasets: [], panel: "quality", quality: qualityAtFirst, ...change }),
  );
  /** @type {any[]} */
  const asked = [];
  /** @type {number[]} */
  const pieces = [];
  const api = {
    async fetchPictures(/** @type {any} */ question) {
      asked.push(question);
      const count = Math.min(question.count, total - question.start);
      const pictures = Uint8Array.from({ length: count }, (_unused, index) => (question.start + index) % 256);
      return { shape: [1, 1, 1], total, start: question.start, labels: [...pictures].map(Number), pictures };
    },
  };
  const network = {
    async ask(/** @type {string} */ lane, /** @type {string} */ name, /** @type {Uint8Array} */ piece) {
      assert.deepEqual([lane, name], ["slice", "predict"]);
      pieces.push(piece.length);
      return Float32Array.from(piece, (value) => value / 255);
    },
  };
  const tools = /** @type {any} */ ({ store, api, network, now: () => 0, wait: async () => undefined });
  const session = new TestSession(tools);
  store.subscribe(() => session.follow());
  return { store, session, asked, pieces };
}

const settled = () => new Promise((done) => setTimeout(done, 20));

test("test pictures come in pieces, and each is answered", async () => {
  const { store, session, asked, pieces } = makeBench();
  session.follow();
  await settled();
  assert.deepEqual(
    asked.map(({ start }) => start),
    [0, 250, 500],
  );
  assert.ok(asked.every(({ share, seed, augmentation }) => share === "val" && seed === 3 && augmentation === null));
  const { quality } = store.get();
  assert.equal(quality.tested?.labels.length, total);
  assert.equal(quality.verdicts?.answers.length, total);
  assert.equal(quality.answered, 1);
  assert.ok(Math.max(...pieces) <= 64);
});

test("nothing is asked while nobody looks, and new weights are asked once they are there", async () => {
  const { store, session, asked, pieces } = makeBench({ panel: "transfer" });
  session.follow();
  await settled();
  assert.deepEqual([asked.length, pieces.length], [0, 0]);
  store.set({ panel: "quality" });
  await settled();
  const answered = pieces.length;
  assert.ok(answered > 0);
  store.set({ model: /** @type {any} */ ({ ...store.get().model, version: 2, epoch: 2 }) });
  await settled();
  assert.ok(pieces.length > answered);
  assert.equal(store.get().quality.verdicts?.epoch, 2);
});

test("another run has other pictures", async () => {
  const { store, session, asked } = makeBench();
  session.follow();
  await settled();
  store.set({ run: /** @type {any} */ ({ runId: "s", spec: { dataset: { name: "mnist" }, seed: 0 } }) });
  await settled();
  assert.equal(asked.length, 6);
  assert.equal(asked[5].dataset.name, "mnist");
});

test("what the server refuses is told, and asked once more a little later", async () => {
  const bench = makeBench();
  const { api } = bench.session;
  /** @type {() => void} */
  let pass = () => undefined;
  bench.session.wait = () =>
    new Promise((done) => {
      pass = done;
    });
  bench.session.api = /** @type {any} */ ({
    fetchPictures: async () => {
      throw new Error("not on this server");
    },
  });
  bench.session.follow();
  await settled();
  assert.equal(bench.store.get().quality.trouble, "not on this server");
  bench.session.api = api;
  pass();
  await settled();
  assert.equal(bench.store.get().quality.trouble, null);
  assert.equal(bench.store.get().quality.tested?.labels.length, total);
});
