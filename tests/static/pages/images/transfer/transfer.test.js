import assert from "node:assert/strict";
import { test } from "node:test";
import { specChange } from "../../../../../static/js/pages/images/spec-intents.js";
import { BaseSession } from "../../../../../static/js/pages/images/transfer/base-session.js";
import { transferAtFirst } from "../../../../../static/js/pages/images/transfer/slice.js";
import { StudySession, studyOf } from "../../../../../static/js/pages/images/transfer/study-session.js";
import { studyData, transferData } from "../../../../../static/js/pages/images/transfer/view-data.js";
import { createStore } from "../../../../../static/js/state/store.js";
import { imageEntries } from "../../../state/image-book.js";
import { makeImagesState } from "../images-state.js";

const blocks = [
  { name: "block_16", unfrozen: 13, weights: 200, trainable: 150 },
  { name: "Conv_1", unfrozen: 4, weights: 400, trainable: 390 },
];

/** @param {string} state @param {Record<string, any>} change */
const base = (state, change = {}) => ({
  ...{ name: "mobilenet_v2", width: 35, size: 96, state, message: null, download_mb: 1.6, weights: 600, blocks },
  ...change,
});

const datasets = imageEntries.map((entry) => ({ ...entry, limits: { samples: [20, 1797] } }));

/** @param {Record<string, any>} change of the slice @param {Record<string, any>} more of the state */
const stateWith = (change, more = {}) =>
  makeImagesState({ transfer: { ...transferAtFirst, ...change }, datasets, ...more });

const start = (/** @type {any} */ state, /** @type {string} */ value) => ({
  ...state,
  ...specChange(state, { type: "change", name: "start_from", value }),
});

test("who starts from a base gets a head on it, and no pictures are changed any more", () => {
  const state = start(stateWith({ bases: [base("ready")] }), "base");
  assert.deepEqual(state.spec.base, { name: "mobilenet_v2", width: 35, size: 96, unfrozen: 0 });
  assert.deepEqual(state.spec.layers, [{ kind: "dropout", rate: 0.2 }]);
  assert.equal(state.spec.augmentation.flip, false);
  assert.equal(state.networkName, null);
});

test("back to scratch, the layers and the augmentation are as they were; back again, so is the head", () => {
  const before = stateWith({ bases: [base("ready")] });
  const onBase = start(before, "base");
  const head = [{ kind: "dense", units: 7, activation: "relu" }];
  const back = start({ ...onBase, spec: { ...onBase.spec, layers: head } }, "scratch");
  assert.equal(back.spec.base, null);
  assert.equal(back.spec.layers, before.spec.layers);
  assert.equal(back.spec.augmentation, before.spec.augmentation);
  assert.equal(start(back, "base").spec.layers, head);
});

test("a base that is not there is wanted, and the network stays as it is", () => {
  const before = stateWith({ bases: [base("missing")] });
  const state = start(before, "base");
  assert.equal(state.spec, before.spec);
  assert.equal(state.transfer.isWanted, true);
  assert.equal(transferData(state).canFetch, true);
});

test("the slider sets the unfrozen layers of the network that is shown", () => {
  const onBase = start(stateWith({ bases: [base("ready")] }), "base");
  const state = { ...onBase, ...specChange(onBase, { type: "change", name: "unfrozen", value: 13 }) };
  assert.equal(state.spec.base.unfrozen, 13);
  const data = transferData(state);
  assert.deepEqual(data.stops, [0, 4, 13]);
  assert.equal(data.place, 2);
  assert.deepEqual(
    data.parts.map(({ isTrained }) => isTrained),
    [true, true, true],
  );
});

/** @param {any} state @param {Record<string, any>} api */
function bench(state, api) {
  const store = createStore(state);
  /** @type {any[]} */
  const intents = [];
  const waits = { count: 0 };
  const wait = async () => {
    waits.count += 1;
  };
  const onIntent = (/** @type {any} */ intent) => intents.push(intent);
  return { store, intents, waits, tools: /** @type {any} */ ({ api, store, wait, onIntent }) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("bases are asked for once, when somebody looks", async () => {
  let asked = 0;
  const fetchBases = async () => {
    asked += 1;
    return { bases: [base("ready")] };
  };
  const { store, tools } = bench(stateWith({}), { fetchBases });
  const session = new BaseSession(tools);
  session.follow(store.get());
  await settled();
  assert.equal(asked, 0);
  store.set({ panel: "transfer" });
  session.follow(store.get());
  session.follow(store.get());
  await settled();
  session.follow(store.get());
  assert.equal(asked, 1);
});

test("a base that is fetched is waited for, and taken because it was wanted", async () => {
  const states = ["preparing", "preparing", "ready"];
  const api = { fetchBase: async () => ({}), fetchBases: async () => ({ bases: [base(states.shift() ?? "ready")] }) };
  const { store, intents, waits, tools } = bench(stateWith({ isWanted: true }), api);
  await new BaseSession(tools).fetch();
  assert.equal(waits.count, 2);
  assert.equal(store.get().transfer.bases[0].state, "ready");
  assert.deepEqual(intents, [{ type: "change", name: "start_from", value: "base" }]);
});

test("a base of a link is shown as it is", () => {
  const spec = { ...makeImagesState().spec, base: { name: "mobilenet_v2", width: 50, size: 128, unfrozen: 4 } };
  const { store, tools } = bench(stateWith({ bases: [base("ready")] }, { spec }), {});
  new BaseSession(tools).follow(store.get());
  const { width, size, unfrozen } = store.get().transfer;
  assert.deepEqual([width, size, unfrozen], [50, 128, 4]);
});

/** A server whose runs end at once. @param {(spec: any) => any} endOf */
function quickServer(endOf) {
  /** @type {any[]} */
  const specs = [];
  /** @type {string[]} */
  const deleted = [];
  const api = {
    createRun: async (/** @type {any} */ spec) => ({ run_id: String(specs.push(spec) - 1) }),
    fetchRun: async (/** @type {string} */ id) => endOf(specs[Number(id)]),
    deleteRun: async (/** @type {string} */ id) => void deleted.push(id),
  };
  return { api, specs, deleted };
}

test("the comparison trains each step from scratch and with the base, notes the test accuracy and leaves no run", async () => {
  const server = quickServer((spec) => ({ status: "finished", metrics: { val_accuracy: spec.base ? 0.9 : 0.5 } }));
  const { store, tools } = bench(stateWith({ bases: [base("ready")] }), server.api);
  const { steps } = studyOf(store.get());
  await new StudySession(tools).run();
  const { study } = store.get().transfer;
  assert.ok(steps.length > 1);
  assert.equal(server.specs.length, 2 * steps.length);
  assert.deepEqual(
    study.points,
    steps.map(({ examples }) => ({ examples, scratch: 0.5, base: 0.9 })),
  );
  assert.deepEqual([study.isRunning, study.done, study.failure], [false, study.runs, null]);
  assert.equal(server.deleted.length, server.specs.length);
  assert.ok(server.specs.every(({ dataset, epochs }) => dataset.split === "share" && epochs === 30));
  assert.equal(studyData(store.get()).share, 1);
});

test("a run that fails ends the comparison with its sentence, and leaves no run", async () => {
  const server = quickServer(() => ({ status: "failed", reason: "No weights.", metrics: {} }));
  const { store, tools } = bench(stateWith({ bases: [base("ready")] }), server.api);
  await new StudySession(tools).run();
  assert.equal(store.get().transfer.study.failure, "No weights.");
  assert.equal(studyData(store.get()).text, "No weights.");
  assert.equal(server.deleted.length, 1);
});

test("a comparison that is stopped begins no further run and keeps what is known", async () => {
  const server = quickServer(() => ({ status: "finished", metrics: { val_accuracy: 0.7 } }));
  const { store, tools } = bench(stateWith({ bases: [base("ready")] }), server.api);
  const session = new StudySession(tools);
  const deleteRun = server.api.deleteRun;
  server.api.deleteRun = async (id) => {
    if (id === "1") session.stop();
    await deleteRun(id);
  };
  await session.run();
  const { study } = store.get().transfer;
  assert.equal(server.specs.length, 2);
  assert.equal(study.points[0].scratch, 0.7);
  assert.equal(study.isRunning, false);
});
