import assert from "node:assert/strict";
import { test } from "node:test";
import { withTaking } from "../../../../../static/js/pages/images/take-home/changes.js";
import { createTaking } from "../../../../../static/js/pages/images/take-home/room.js";
import { formats, takeHomeAtFirst } from "../../../../../static/js/pages/images/take-home/slice.js";
import { takeHomeData } from "../../../../../static/js/pages/images/take-home/view-data.js";
import { createStore } from "../../../../../static/js/state/store.js";
import { makeImagesState } from "../images-state.js";

const blob = new Blob(["twelve bytes"]);

/** A bench whose server answers when it is told to. @param {any} [run] */
function makeBench(run = { runId: "r1" }) {
  const store = createStore(makeImagesState({ run, takeHome: takeHomeAtFirst }));
  /** @type {{runId: string, name: string, answer: (blob: Blob) => void, refuse: (error: Error) => void}[]} */
  const asked = [];
  /** @type {any} */
  const api = {
    fetchExport: (/** @type {string} */ runId, /** @type {string} */ name) =>
      new Promise((answer, refuse) => asked.push({ runId, name, answer, refuse })),
  };
  /** @type {any[]} */
  const handed = [];
  const take = createTaking({ api, store }, (file) => handed.push(file));
  const stateOf = (/** @type {string} */ name) =>
    takeHomeData(store.get()).rows.find((row) => row.name === name)?.taking ?? null;
  return { store, asked, handed, take, stateOf };
}

test("a file is made, handed over under its name, and its size is told", async () => {
  const { asked, handed, take, stateOf } = makeBench();
  const taken = take({ name: "model.tflite" });
  assert.equal(stateOf("model.tflite")?.state, "making");
  asked[0].answer(blob);
  await taken;
  assert.deepEqual([asked[0].runId, asked[0].name], ["r1", "model.tflite"]);
  assert.deepEqual(handed, [{ name: "model.tflite", blob }]);
  assert.deepEqual(stateOf("model.tflite"), { state: "taken", bytes: 12, message: null });
  assert.equal(stateOf("page.html"), null);
});

test("a second press while a file is made asks for nothing more", async () => {
  const { asked, take } = makeBench();
  take({ name: "page.html" });
  await take({ name: "page.html" });
  assert.equal(asked.length, 1);
});

test("a refusal is told in the server's words, and can be tried again", async () => {
  const { asked, handed, take, stateOf } = makeBench();
  const taken = take({ name: "script.py" });
  asked[0].refuse(new Error("Try again in a moment."));
  await taken;
  assert.deepEqual(stateOf("script.py"), { state: "failed", bytes: null, message: "Try again in a moment." });
  assert.deepEqual(handed, []);
  take({ name: "script.py" });
  assert.equal(asked.length, 2);
});

test("what was made for another run is handed over, but nothing is said of it", async () => {
  const { store, asked, handed, take, stateOf } = makeBench();
  const taken = take({ name: "page.html" });
  store.set({ run: { runId: "r2" } });
  asked[0].answer(blob);
  await taken;
  assert.equal(handed.length, 1);
  assert.equal(stateOf("page.html"), null);
});

test("without a run nothing can be taken", async () => {
  const { store, asked, take } = makeBench(null);
  await take({ name: "page.html" });
  assert.deepEqual(asked, []);
  assert.equal(takeHomeData(store.get()).canTake, false);
});

test("the files of another run are forgotten with the first of a new one", () => {
  /** @type {import("../../../../../static/js/pages/images/take-home/slice.js").Taking} */
  const making = { state: "making", bytes: null, message: null };
  const first = withTaking(takeHomeAtFirst, "r1", "page.html", making);
  assert.deepEqual(withTaking(first, "r2", "tfjs.zip", making), { runId: "r2", files: { "tfjs.zip": making } });
});

test("the page for everybody comes first, and only two formats take seconds", () => {
  assert.equal(formats[0].name, "page.html");
  assert.deepEqual(
    formats.filter(({ isSlow }) => isSlow).map(({ name }) => name),
    ["saved_model.zip", "model.tflite"],
  );
});
