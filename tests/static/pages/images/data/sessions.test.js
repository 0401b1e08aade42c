import assert from "node:assert/strict";
import { test } from "node:test";
import { AugmentationSession } from "../../../../../static/js/pages/images/augmentation/session.js";
import { CollectionSession, findCollections } from "../../../../../static/js/pages/images/data/collection-session.js";
import { packFolder } from "../../../../../static/js/pages/images/data/pack-folder.js";
import { SampleSession } from "../../../../../static/js/pages/images/data/sample-session.js";
import { ownImagesData } from "../../../../../static/js/pages/images/data/view-data.js";
import { obstacleOf } from "../../../../../static/js/pages/images/obstacle.js";
import { specChange } from "../../../../../static/js/pages/images/spec-intents.js";
import { createMemory } from "../../../../../static/js/pages/memory.js";
import { withCollection } from "../../../../../static/js/state/image-networks.js";
import { createStore } from "../../../../../static/js/state/store.js";
import { ApiError } from "../../../../../static/js/transport/api.js";
import { imageEntries, makeCollection, makeImageSpec } from "../../../state/image-book.js";
import { settled } from "../../session-bench.js";
import { makeImagesState, makePictures } from "../images-state.js";

const id = "a".repeat(20);

/** A server of pictures that remembers what it was asked. */
class FakeImageServer {
  /** @type {any[]} */
  asked = [];
  /** @type {any[]} */
  uploads = [];
  /** @type {string[]} */
  deleted = [];
  /** @type {any[]} what it says of a collection, one after the other; then always the last */
  told = [makeCollection()];
  datasets = imageEntries;
  /** @type {Error | null} */
  refusal = null;

  fetchPictures = async (/** @type {any} */ question) => {
    this.asked.push(question);
    return makePictures({ start: this.asked.length });
  };
  fetchDatasets = async () => ({ datasets: this.datasets });
  fetchDataset = async (/** @type {string} */ name) => {
    if (this.refusal) throw this.refusal;
    this.asked.push(name);
  };
  fetchCollection = async (/** @type {string} */ collection) => {
    const told = this.told.length > 1 ? this.told.shift() : this.told[0];
    if (told instanceof Error) throw told;
    return { ...told, collection };
  };
  deleteCollection = async (/** @type {string} */ collection) => {
    this.deleted.push(collection);
  };
  uploadCollection = (/** @type {Blob} */ zip, /** @type {(share: number) => void} */ onProgress) => {
    this.uploads.push(zip);
    onProgress(0.5);
    const answer = this.refusal ? Promise.reject(this.refusal) : Promise.resolve({ collection: id });
    return { answer, abort: () => undefined };
  };
}

/** @param {Record<string, any>} change of the state */
function openBench(change = {}) {
  const server = new FakeImageServer();
  const remembered = new Map();
  const store = createStore(makeImagesState(change));
  const memory = createMemory(() => ({
    getItem: (name) => remembered.get(name) ?? null,
    setItem: (name, value) => void remembered.set(name, value),
  }));
  const wait = async () => undefined;
  const onIntent = (/** @type {any} */ intent) => store.set(specChange(store.get(), intent));
  const tools = { api: /** @type {any} */ (server), store: /** @type {any} */ (store), memory, wait, onIntent };
  const ids = () => JSON.parse(memory.recall("image-collections") ?? "[]");
  return { server, store, memory, tools, ids };
}

const gone = new ApiError("There are no such images.", { code: "unknown_images", status: 404 });

test("the samples shown are those of the chosen data, asked for once", async () => {
  const { server, store, tools } = openBench();
  const session = new SampleSession(tools);
  store.subscribe((state) => session.follow(state));
  session.follow(store.get());
  await settled();
  const questions = server.asked.filter(({ count }) => count === 64);
  assert.deepEqual(
    questions.map(({ share, dataset }) => [share, dataset.name]),
    [
      ["train", "digits"],
      ["val", "digits"],
    ],
  );
  assert.ok(store.get().samples?.train);
  session.follow(store.get());
  await settled();
  assert.equal(server.asked.filter(({ count }) => count === 64).length, 2);
});

test("samples of another set replace those that are shown, and a missing set shows none", async () => {
  const { store, tools } = openBench();
  const session = new SampleSession(tools);
  store.subscribe((state) => session.follow(state));
  session.follow(store.get());
  await settled();
  store.set({
    datasets: imageEntries.map((entry) => (entry.name === "mnist" ? { ...entry, state: "missing" } : entry)),
  });
  store.set(specChange(store.get(), { type: "change", name: "dataset", value: "mnist" }));
  assert.equal(store.get().samples, null);
});

test("each set that is there has pictures on its card, asked for once", async () => {
  const { server, store, tools } = openBench({ data: { ...makeImagesState().data, collections: [makeCollection()] } });
  const session = new SampleSession(tools);
  session.follow(store.get());
  session.follow(store.get());
  await settled();
  const cards = server.asked.filter(({ count }) => count === 6).map(({ dataset }) => dataset.name);
  assert.deepEqual(cards, ["digits", "mnist", "own_images"]);
  assert.deepEqual(Object.keys(store.get().data.thumbnails), ["digits", "mnist", `own:${id}`]);
});

test("augmented pictures are those of the very training samples, and asked for only when something is changed", async () => {
  const { server, store, tools } = openBench({ samples: { train: makePictures(), val: makePictures() } });
  const session = new AugmentationSession(tools);
  session.follow(store.get());
  await settled();
  assert.equal(server.asked.length, 0);
  store.set(specChange(store.get(), { type: "change", name: "augmentation", value: { rotate: 20 } }));
  session.follow(store.get());
  await settled();
  const [{ share, augmentation, start, seed }] = server.asked;
  assert.deepEqual([share, augmentation.rotate, start, seed], ["train", 20, 0, 0]);
  assert.ok(store.get().augmented.changed);
});

test("a zip is sent, prepared, remembered and chosen", async () => {
  const { server, store, tools, ids } = openBench();
  server.told = [makeCollection({ state: "preparing", classes: [] }), makeCollection()];
  await new CollectionSession(tools).sendZip(new Blob(["zip"]));
  await settled();
  assert.equal(server.uploads.length, 1);
  assert.deepEqual(ids(), [id]);
  assert.equal(store.get().spec.dataset.images?.collection, id);
  assert.equal(store.get().data.sending, null);
});

test("a refusal is told in the server's words, and nothing is remembered", async () => {
  const { server, store, tools, ids } = openBench();
  server.refusal = new ApiError("This zip holds one class only.", { code: "one_class", status: 422 });
  await new CollectionSession(tools).sendZip(new Blob(["zip"]));
  assert.equal(store.get().data.refusal?.message, "This zip holds one class only.");
  assert.equal(store.get().data.refusal?.code, "one_class");
  assert.deepEqual(ids(), []);
});

test("images that could not be prepared say why and are forgotten", async () => {
  const { server, store, tools, ids } = openBench();
  server.told = [makeCollection({ state: "failed", message: "Nothing in it is a picture.", classes: [] })];
  await new CollectionSession(tools).sendZip(new Blob(["zip"]));
  assert.equal(store.get().data.refusal?.message, "Nothing in it is a picture.");
  assert.deepEqual([ids(), store.get().data.collections], [[], []]);
});

test("own images of this browser are found again; those that are gone twice are forgotten", async () => {
  const { server, memory, tools, ids } = openBench();
  memory.keep("image-collections", JSON.stringify(["b".repeat(20), id]));
  server.told = [gone, makeCollection()];
  const found = await findCollections(tools.api, memory);
  assert.deepEqual([found.map(({ collection }) => collection), ids().length], [[id], 2]);
  server.told = [gone, makeCollection()];
  await findCollections(tools.api, memory);
  assert.deepEqual(ids(), [id]);
});

test("images that a link names are looked up, trained on and not deleted from here", async () => {
  const spec = withCollection(makeImageSpec(), makeCollection());
  const { store, tools, ids } = openBench({ spec });
  const session = new CollectionSession(tools);
  session.follow(store.get());
  session.follow(store.get());
  await settled();
  assert.deepEqual(ids(), []);
  assert.deepEqual([store.get().data.collections.length, obstacleOf(store.get())], [1, null]);
  assert.equal(ownImagesData(store.get()).canDelete, false);
});

test("deleted images are deleted on the server, and the page goes back to digits", async () => {
  const { server, store, memory, tools, ids } = openBench({
    data: { ...makeImagesState().data, collections: [makeCollection()] },
  });
  memory.keep("image-collections", JSON.stringify([id]));
  const session = new CollectionSession(tools);
  tools.onIntent({ type: "change", name: "dataset", value: `own:${id}` });
  await session.deleteChosen();
  assert.deepEqual([server.deleted, ids(), store.get().spec.dataset.name], [[id], [], "digits"]);
  assert.equal(store.get().spec.dataset.images, null);
});

test("a missing set is fetched and followed until it is there", async () => {
  const missing = imageEntries.map((entry) => (entry.name === "mnist" ? { ...entry, state: "missing" } : entry));
  const { server, store, tools } = openBench({ datasets: missing });
  server.datasets = missing.map((entry) =>
    entry.name === "mnist" ? { ...entry, state: "preparing", progress: 0.2 } : entry,
  );
  const session = new CollectionSession(tools);
  const got = session.get("mnist");
  await got;
  assert.equal(store.get().datasets[1].state, "preparing");
  server.datasets = imageEntries;
  await settled();
  assert.equal(store.get().datasets[1].state, "ready");
});

test("a folder becomes a zip of its pictures; one without pictures is refused in words", async () => {
  const file = (/** @type {string} */ webkitRelativePath) => Object.assign(new Blob(["x"]), { webkitRelativePath });
  const { server, store, tools } = openBench();
  const session = new CollectionSession(tools);
  await session.sendFolder(/** @type {any} */ ([file("pets/readme.txt")]));
  assert.deepEqual([server.uploads.length, store.get().data.refusal?.message], [0, "images.own.no_pictures"]);
  await session.sendFolder(/** @type {any} */ ([file("pets/cats/1.jpg"), file("pets/dogs/1.jpg")]));
  assert.equal(server.uploads.length, 1);
  const zip = await packFolder(/** @type {any} */ ([file("pets/cats/1.jpg")]), () => undefined);
  assert.match(await (zip ?? new Blob()).text(), /^PK[\s\S]*cats\/1\.jpgx/);
});

test("a set that cannot be fetched is told of", async () => {
  const { server, store, tools } = openBench({ spec: makeImageSpec() });
  server.refusal = new ApiError("No.", { code: "busy", status: 503 });
  await new CollectionSession(tools).get("mnist");
  assert.equal(store.get().data.refusal?.message, "No.");
});

test("a zip that is too large is refused before it is sent", async () => {
  const { server, store, tools } = openBench();
  await new CollectionSession(tools).sendZip(/** @type {any} */ ({ size: 312_000_000 }));
  assert.deepEqual([server.uploads.length, store.get().data.refusal?.message], [0, "images.own.too_large 312"]);
});

test("whoever turned to other data while a zip was sent stays there", async () => {
  const { store, tools } = openBench();
  const sent = new CollectionSession(tools).sendZip(new Blob(["zip"]));
  tools.onIntent({ type: "change", name: "dataset", value: "mnist" });
  await sent;
  assert.equal(store.get().spec.dataset.name, "mnist");
});
