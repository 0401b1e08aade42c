import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { PictureSession, shownPicture } from "../../../../static/js/pages/output/picture-session.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { createStore } from "../../../../static/js/state/store.js";
import { makeAnswer } from "../../builders.js";

const equal = { equal: true, difference: 0, tolerance: 1e-4 };
const different = { equal: false, difference: 1, tolerance: 1e-4 };
const frameWeights = Buffer.from(new Float32Array(25).buffer).toString("base64");

/** @type {any} */
let store;
/** @type {PictureSession} */
let pictures;
/** @type {any[]} */
let asked;
/** @type {(answer: any) => void} */
let answer;
/** @type {number} */
let refusals;

const settled = async () => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
};
/** @param {Record<string, any>} change */
const makeRun = (change = {}) => openRun(makeAnswer(change), { epoch: [] });

beforeEach(() => {
  asked = [];
  refusals = 0;
  const datasets = [{ name: "circle", problem: "classification" }];
  store = createStore(
    /** @type {any} */ ({
      run: makeRun(),
      datasets,
      picture: null,
      check: null,
      failure: null,
      pointed: null,
      pinned: null,
    }),
  );
  const fetchModelFiles = async () => {
    refusals -= 1;
    if (refusals >= 0) throw new Error("not yet");
    return { model: {}, weights: new ArrayBuffer(0), probe: {} };
  };
  pictures = new PictureSession({
    api: { fetchModelFiles },
    store,
    wait: async () => undefined,
    makePictures: (onAnswer) => {
      answer = onAnswer;
      return {
        load: (runId) => asked.push({ type: "load", runId }),
        draw: ({ runId, epoch, focus }) => asked.push({ type: "draw", runId, epoch, focus }),
      };
    },
  });
});

const open = async () => {
  pictures.open(store.get().run);
  await settled();
};

test("a run is loaded, drawn at the model's moment and checked", async () => {
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, check: equal });
  assert.deepEqual(asked, [
    { type: "load", runId: "r1" },
    { type: "draw", runId: "r1", epoch: 0, focus: null },
  ]);
  assert.equal(store.get().check, equal);
});

test("a model that is not there yet is asked for again", async () => {
  refusals = 3;
  await open();
  assert.deepEqual(asked, [{ type: "load", runId: "r1" }]);
});

test("model and probe of different moments are fetched again before anything is said", async () => {
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, check: null });
  await settled();
  assert.equal(asked.filter(({ type }) => type === "load").length, 2);
  assert.equal(store.get().check, null);
});

test("a difference is believed only when it repeats", async () => {
  await open();
  for (let attempt = 0; attempt < 5; attempt += 1) {
    assert.equal(store.get().check, null);
    answer({ type: "loaded", runId: "r1", epoch: 0, check: different });
    await settled();
  }
  assert.equal(store.get().check, different);
});

test("each new frame is drawn once, and only of a run whose model is loaded", async () => {
  const frame = { epoch: 4, step: 100, weights: frameWeights };
  store.set({ run: { ...store.get().run, frame } });
  pictures.follow();
  assert.deepEqual(asked, []);
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, check: equal });
  pictures.follow();
  pictures.follow();
  assert.deepEqual(asked.slice(1), [{ type: "draw", runId: "r1", epoch: 4, focus: null }]);
});

test("another unit in focus is drawn without waiting for a frame", async () => {
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, check: equal });
  store.set({ pointed: { layer: 0, unit: 1 } });
  pictures.follow();
  assert.deepEqual(asked.at(-1).focus, { layer: 0, unit: 1 });
});

test("answers about a run that is no longer shown are dropped", async () => {
  await open();
  store.set({ run: makeRun({ run_id: "r2" }) });
  answer({ type: "loaded", runId: "r1", epoch: 0, check: equal });
  answer({ type: "failed", during: "draw", runId: "r1", message: "old" });
  assert.equal(store.get().check, null);
  assert.equal(store.get().failure, null);
});

test("when training pauses, the pictures are checked again", async () => {
  store.set({ run: makeRun({ status: "running" }) });
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, check: equal });
  store.set({ run: makeRun({ status: "paused", epoch: 9 }) });
  pictures.follow();
  await settled();
  assert.equal(asked.filter(({ type }) => type === "load").length, 2);
});

test("a probability is shown from -1 to 1, hidden units and numbers as they are", () => {
  const picture = {
    size: 1,
    output: new Float32Array([0.75]),
    large: new Float32Array([0.75]),
    focus: null,
    tileSize: 1,
    tiles: [[new Float32Array([0.3])], [new Float32Array([0.75])]],
  };
  const drawn = /** @type {any} */ ({
    type: "picture",
    runId: "r1",
    epoch: 1,
    weights: new Float32Array(25),
    elapsedMs: 1,
    picture,
  });
  const probability = shownPicture(drawn, makeRun(), true);
  assert.deepEqual([...probability.output, ...probability.tiles[1][0]], [0.5, 0.5]);
  assert.equal(probability.tiles[0][0][0], Math.fround(0.3));
  assert.equal(shownPicture(drawn, makeRun(), false).output[0], 0.75);
  assert.equal(probability.layers?.length, 3);
});
