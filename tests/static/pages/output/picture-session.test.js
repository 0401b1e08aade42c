import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { PictureSession, plotOf, shownPicture } from "../../../../static/js/pages/output/picture-session.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { createStore } from "../../../../static/js/state/store.js";
import { noTime, withFrame } from "../../../../static/js/state/time-machine.js";
import { makeAnswer, makeSpec } from "../../builders.js";

const datasets = [
  { name: "circle", title: "", samples: 500, problem: "classification" },
  { name: "blobs", title: "", samples: 500, problem: "classification", classes: 3, limits: { classes: [2, 6] } },
  { name: "plane", title: "", samples: 500, problem: "regression" },
  { name: "curve", title: "", samples: 500, problem: "regression", kind: "curve" },
];
const equal = { equal: true, difference: 0, tolerance: 1e-4 };
const different = { equal: false, difference: 1, tolerance: 1e-4 };
const weights = new Float32Array(25);
const samples = { train: { features: [[1, 2]], labels: [0] }, val: { features: [[3, 4]], labels: [1] } };

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
/** @type {(() => void)[]} what waits for time to pass */
let waiting;

const settled = async () => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
};
/** @param {Record<string, any>} change */
const makeRun = (change = {}) => openRun(makeAnswer(change), { epoch: [] });

beforeEach(() => {
  asked = [];
  waiting = [];
  refusals = 0;
  store = createStore(
    /** @type {any} */ ({
      run: makeRun(),
      datasets,
      picture: null,
      check: null,
      failure: null,
      pointed: null,
      pinned: null,
      panel: "layers",
      quality: {},
      samples,
      timeMachine: noTime,
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
    wait: async (delayMs) => {
      if (delayMs === 330) await new Promise((/** @type {(done?: any) => void} */ done) => waiting.push(done));
    },
    makePictures: (onAnswer) => {
      answer = onAnswer;
      return {
        load: (runId) => asked.push({ type: "load", runId }),
        draw: ({ runId, epoch, focus, isFine }) => asked.push({ type: "draw", runId, epoch, focus, isFine }),
        evaluate: ({ epoch, train, val }) => asked.push({ type: "evaluate", epoch, train: [...train], val: [...val] }),
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
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: equal });
  assert.deepEqual(asked, [
    { type: "load", runId: "r1" },
    { type: "draw", runId: "r1", epoch: 0, focus: null, isFine: true },
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
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: null });
  await settled();
  assert.equal(asked.filter(({ type }) => type === "load").length, 2);
  assert.equal(store.get().check, null);
});

test("a difference is believed only when it repeats", async () => {
  await open();
  for (let attempt = 0; attempt < 5; attempt += 1) {
    assert.equal(store.get().check, null);
    answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: different });
    await settled();
  }
  assert.equal(store.get().check, different);
});

/** @param {number} epoch */
const tell = (epoch) => {
  const frame = { epoch, weights: new Float32Array(25), metrics: null };
  store.set({ timeMachine: withFrame(store.get().timeMachine, "r1", frame) });
  pictures.follow();
};
const drawnEpochs = () => asked.filter(({ type }) => type === "draw").map(({ epoch }) => epoch);

test("each new frame is drawn once, and only of a run whose model is loaded", async () => {
  tell(4);
  assert.deepEqual(asked, []);
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: equal });
  pictures.follow();
  tell(5);
  pictures.follow();
  assert.deepEqual(drawnEpochs(), [4, 5]);
});

test("while another moment is chosen, new frames wait; then the newest is drawn", async () => {
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: equal });
  tell(1);
  store.set({ timeMachine: { ...store.get().timeMachine, shownEpoch: 0 } });
  tell(2);
  tell(3);
  store.set({ timeMachine: { ...store.get().timeMachine, shownEpoch: null } });
  pictures.follow();
  assert.deepEqual(drawnEpochs(), [0, 1, 0, 3]);
});

test("what trains is drawn as fine as the machine manages, what stands still as fine as can be", async () => {
  store.set({ run: makeRun({ status: "running" }) });
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: equal });
  tell(1);
  store.set({ run: makeRun({ status: "paused" }) });
  pictures.follow();
  store.set({ run: makeRun({ status: "running" }) });
  pictures.follow();
  assert.deepEqual(
    asked.filter(({ type }) => type === "draw").map(({ epoch, isFine }) => [epoch, isFine]),
    [
      [0, false],
      [1, false],
      [1, true],
    ],
  );
});

test("the answers for the samples are asked for while somebody looks at them, and not too often", async () => {
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: equal });
  assert.deepEqual(
    asked.filter(({ type }) => type === "evaluate"),
    [],
  );
  store.set({ panel: "quality" });
  for (const epoch of [1, 2, 3]) tell(epoch);
  const evaluated = () => asked.filter(({ type }) => type === "evaluate");
  assert.deepEqual(evaluated(), [{ type: "evaluate", epoch: 1, train: [1, 2], val: [3, 4] }]);
  waiting.pop()?.();
  await settled();
  assert.equal(evaluated().at(-1).epoch, 3);
  waiting.pop()?.();
  await settled();
  assert.equal(evaluated().length, 2);
});

test("answers for the samples are kept where their reader looks for them", async () => {
  await open();
  const numbers = { epoch: 3, outputs: 1, train: new Float32Array([0.2]), val: new Float32Array([0.9]) };
  answer({ type: "evaluated", runId: "r1", ...numbers });
  assert.deepEqual(store.get().quality.evaluation, { runId: "r1", ...numbers });
  answer({ type: "failed", during: "evaluate", runId: "r1", message: "no" });
  assert.equal(store.get().failure, null);
});

test("another unit in focus is drawn without waiting for a frame", async () => {
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: equal });
  store.set({ pointed: { layer: 0, unit: 1 } });
  pictures.follow();
  assert.deepEqual(asked.at(-1).focus, { layer: 0, unit: 1 });
});

test("answers about a run that is no longer shown are dropped", async () => {
  await open();
  store.set({ run: makeRun({ run_id: "r2" }) });
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: equal });
  answer({ type: "failed", during: "draw", runId: "r1", message: "old" });
  assert.equal(store.get().check, null);
  assert.equal(store.get().failure, null);
});

test("when training pauses, the pictures are checked again", async () => {
  store.set({ run: makeRun({ status: "running" }) });
  await open();
  answer({ type: "loaded", runId: "r1", epoch: 0, weights, check: equal });
  store.set({ run: makeRun({ status: "paused", epoch: 9 }) });
  pictures.follow();
  await settled();
  assert.equal(asked.filter(({ type }) => type === "load").length, 2);
});

/** @param {any} dataset */
const runOn = (dataset) => makeRun({ spec: makeSpec({ dataset: { ...makeSpec().dataset, ...dataset } }) });

for (const { dataset, kind, domain, isProbability } of [
  { dataset: { name: "circle" }, kind: "plane", domain: [-2, 2], isProbability: true },
  { dataset: { name: "plane" }, kind: "plane", domain: [-2, 2], isProbability: false },
  { dataset: { name: "curve", x_min: -1, x_max: 3 }, kind: "curve", domain: [-1, 3], isProbability: false },
]) {
  test(`a network that learns "${dataset.name}" is drawn over a ${kind}`, () => {
    assert.deepEqual(plotOf(runOn(dataset), datasets), { kind, domain, isProbability, featureNames: ["x1", "x2"] });
  });
}

test("a shown picture carries the weights it was drawn from, of several final units too", () => {
  /** @param {number} outputs @param {any} dataset */
  const layersOf = (outputs, dataset) => {
    const numbers = new Float32Array(3 * 4 + 5 * 2 + 3 * outputs).fill(0.5);
    const drawn = /** @type {any} */ ({ epoch: 3, weights: numbers, elapsedMs: 1, picture: { size: 1 } });
    const shown = shownPicture(drawn, runOn(dataset), datasets);
    assert.deepEqual([shown.runId, shown.epoch, shown.size], ["r1", 3, 1]);
    return shown.layers?.map(({ units }) => units);
  };
  assert.deepEqual(layersOf(1, { name: "circle" }), [4, 2, 1]);
  assert.deepEqual(layersOf(5, { name: "blobs", classes: 5 }), [4, 2, 5]);
});
