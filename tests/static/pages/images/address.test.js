import assert from "node:assert/strict";
import { test } from "node:test";
import { createAddress } from "../../../../static/js/pages/images/address.js";
import { followChanges } from "../../../../static/js/pages/images/follow-changes.js";
import { createStore } from "../../../../static/js/state/store.js";
import { imageEntries } from "../../state/image-book.js";
import { impossibleLayers, makeImageRun, makeImagesState } from "./images-state.js";

/** A session that remembers what it was asked. */
class FakeSession {
  /** @type {any[]} */
  asked = [];
  knows = true;
  open = async (/** @type {string} */ runId) => {
    this.asked.push(["open", runId]);
    return this.knows;
  };
  begin = async (/** @type {any} */ how) => void this.asked.push(["begin", how.paused]);
  hold = () => void this.asked.push(["hold"]);
  isReleased = false;
  unhold = () => {
    this.isReleased = true;
  };
  replaceSoon = () => void this.asked.push(["replace"]);
  set = async (/** @type {any} */ changes) => void this.asked.push(["set", changes]);
}

/** @param {string} hash @param {Record<string, any>} change of the state */
function openBench(hash, change = {}) {
  const session = new FakeSession();
  const store = createStore(makeImagesState(change));
  /** @type {string[]} */
  const written = [];
  /** @type {(() => void)[]} */
  const timers = [];
  const place = { read: () => hash, replace: (/** @type {string} */ to) => void written.push(to) };
  const later = (/** @type {() => void} */ act) => timers.push(act);
  const cancel = (/** @type {any} */ timer) => timer && timers.splice(timer - 1, 1, () => undefined);
  const address = createAddress({ store, session: /** @type {any} */ (session), place, later, cancel });
  store.subscribe(address.follow);
  const rest = () => {
    for (const act of timers.splice(0)) act();
  };
  return { session, store, written, address, rest, change: followChanges(store, /** @type {any} */ (session)) };
}

test("an address with a run opens it, one without begins a run of its settings", async () => {
  const withRun = openBench("#run=r7");
  await withRun.address.start();
  assert.deepEqual(withRun.session.asked, [["open", "r7"]]);
  const withSettings = openBench("#batch_size=64");
  await withSettings.address.start();
  assert.deepEqual(withSettings.session.asked, [["begin", true]]);
  assert.equal(withSettings.store.get().spec.batch_size, 64);
});

test("a run that is gone gives way to a new one of the same settings", async () => {
  const { session, address, store } = openBench("#epochs=3&run=gone");
  session.knows = false;
  await address.start();
  assert.deepEqual(session.asked, [
    ["open", "gone"],
    ["begin", true],
  ]);
  assert.equal(store.get().spec.epochs, 3);
});

test("settings that cannot be trained begin nothing", async () => {
  const { session, address } = openBench("#layers=dense4");
  await address.start();
  assert.deepEqual(session.asked, [["hold"]]);
});

test("the address follows the settings and the run, when they have come to rest", async () => {
  const { address, store, written, rest, change } = openBench("");
  await address.start();
  change({ type: "change", name: "epochs", value: 5 });
  change({ type: "change", name: "epochs", value: 6 });
  store.set({ run: makeImageRun() });
  rest();
  assert.deepEqual(written, ["#epochs=6&run=r1"]);
});

test("another address is taken, and the page's own is not", async () => {
  const { address, session, store, rest, written } = openBench("#seed=4");
  await address.start();
  store.set({ run: makeImageRun() });
  rest();
  assert.equal(written.length, 1);
  session.asked.length = 0;
  await address.changed();
  assert.deepEqual([session.asked, store.get().spec.seed], [[["begin", true]], 4]);
});

test("a change a living run can follow is told to it, any other makes a new one", () => {
  const { session, change } = openBench("");
  change({ type: "change", name: "learning_rate", value: 0.01 });
  change({ type: "change", name: "batch_size", value: 64 });
  assert.deepEqual(session.asked, [["set", { learning_rate: 0.01, l1: 0, l2: 0 }], ["replace"]]);
});

test("while layers do not fit, no run is made; when they fit again, one is", () => {
  const { session, store, change } = openBench("");
  const layers = store.get().spec.layers;
  store.set({ spec: { ...store.get().spec, layers: [...impossibleLayers, ...layers] } });
  change({ type: "change", name: "batch_size", value: 64 });
  change({ type: "remove_layer", place: 0 });
  assert.deepEqual(session.asked, [["hold"], ["replace"]]);
});

test("a set that comes while the run of a link is being opened makes no other run; after a hold it does", () => {
  const missing = imageEntries.map((entry) => (entry.name === "digits" ? { ...entry, state: "missing" } : entry));
  const opening = openBench("", { datasets: missing, isCreating: true });
  opening.change({ type: "datasets", datasets: imageEntries });
  assert.deepEqual(opening.session.asked, []);
  const held = openBench("", { datasets: missing, isCreating: false });
  held.change({ type: "datasets", datasets: imageEntries });
  assert.deepEqual(held.session.asked, [["replace"]]);
  const shown = openBench("", { datasets: missing, run: makeImageRun() });
  shown.change({ type: "datasets", datasets: imageEntries });
  assert.deepEqual([shown.session.asked, shown.session.isReleased], [[], true]);
});

test("a calmer start lowers the rate and begins at once", () => {
  const { session, store, change } = openBench("");
  change({ type: "calmer" });
  assert.ok(store.get().spec.optimizer.learning_rate < 0.001);
  assert.deepEqual(session.asked.at(-1), ["begin", false]);
});

test("while nobody knows whether there is the run of the address, and while it is waited for, it stays", async () => {
  const { session, address, store, rest, written } = openBench("#run=r7");
  /** @type {(isOpen: boolean) => void} */
  let answer = () => undefined;
  session.open = () => new Promise((resolve) => (answer = resolve));
  const taken = address.start();
  store.set({ isAway: true });
  rest();
  assert.deepEqual(written, []);

  store.set({ awaited: "r7" });
  answer(true);
  await taken;
  store.set({ isAway: false });
  rest();
  assert.ok(written.every((hash) => hash.endsWith("run=r7")));
  assert.equal(written.length, 1);
});
