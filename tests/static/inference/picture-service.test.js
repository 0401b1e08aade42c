import assert from "node:assert/strict";
import { before, test } from "node:test";
import { cellMiddle } from "../../../static/js/core/grid.js";
import { buffersOf, PictureService } from "../../../static/js/inference/picture-service.js";
import { tileSize } from "../../../static/js/inference/predict-grid.js";
import { loadLibrary } from "./browser-library.js";

/** The very library the browser gets. @type {any} */
let tf;
before(async () => {
  tf = await loadLibrary();
});

/** x1, x2 → two tanh units → one sigmoid unit; weights layer by layer, kernel then bias. */
const weights = new Float32Array([1, -0.5, 0.25, 2, 0.1, -0.2, 1.5, -1, 0.3]);

/** @param {number} x1 @param {number} x2 */
function byHand(x1, x2) {
  const [a, b, c, d, e, f, g, h, i] = weights;
  const hidden = [Math.tanh(a * x1 + c * x2 + e), Math.tanh(b * x1 + d * x2 + f)];
  return { hidden, output: 1 / (1 + Math.exp(-(g * hidden[0] + h * hidden[1] + i))) };
}

/** @param {string} name @param {number} units @param {string} activation @param {object} [first] */
function dense(name, units, activation, first = {}) {
  return {
    class_name: "Dense",
    config: { name, units, activation, use_bias: true, dtype: "float32", trainable: true, ...first },
  };
}

/** @param {Float32Array} values @param {string} sha */
function makeFiles(values = weights, sha = "same") {
  const layers = [dense("hidden_1", 2, "tanh", { batch_input_shape: [null, 2] }), dense("output", 1, "sigmoid")];
  const shapes = { "hidden_1/kernel": [2, 2], "hidden_1/bias": [2], "output/kernel": [2, 1], "output/bias": [1] };
  const manifest = Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: "float32" }));
  const points = [
    [1, 2],
    [-3, 0.5],
  ];
  return {
    model: {
      modelTopology: { model_config: { class_name: "Sequential", config: { name: "run", layers } } },
      weightsManifest: [{ paths: ["a.bin"], weights: manifest }],
      userDefinedMetadata: { weights_sha256: "same", epoch: 7 },
    },
    weights: /** @type {ArrayBuffer} */ (values.slice().buffer),
    probe: {
      inputs: [{ shape: [2, 2], data: points.flat() }],
      outputs: [{ data: points.map(([x1, x2]) => byHand(x1, x2).output) }],
      tolerance: 1e-4,
      weights_sha256: sha,
    },
  };
}

/** @param {ReturnType<typeof makeFiles>} files */
async function loadedService(files = makeFiles()) {
  const service = new PictureService(tf, () => 0);
  const answer = (/** @type {any} */ request) => service.answer(request);
  const loaded = await answer({ type: "load", runId: "r1", files, featureNames: ["x1", "x2"] });
  return { answer, loaded: /** @type {any} */ (loaded) };
}

/** @param {any} change */
const drawRequest = (change = {}) => ({
  type: /** @type {const} */ ("draw"),
  runId: "r1",
  weights: null,
  epoch: 7,
  focus: null,
  ...change,
});

test("a model that computes what Keras computed is found equal", async () => {
  const { loaded } = await loadedService();
  assert.equal(loaded.check.equal, true);
  assert.ok(loaded.check.difference < 1e-6);
  assert.equal(loaded.epoch, 7);
});

test("a model with other weights is found different", async () => {
  const { loaded } = await loadedService(makeFiles(weights.map((weight) => weight + 0.1)));
  assert.equal(loaded.check.equal, false);
});

test("a probe of another moment decides nothing", async () => {
  assert.equal((await loadedService(makeFiles(weights, "other"))).loaded.check, null);
});

test("the picture is the network's answer at every cell, computed by hand", async () => {
  const { answer } = await loadedService();
  const { picture } = /** @type {any} */ (await answer(drawRequest()));
  for (const [row, column] of [
    [0, 0],
    [3, 90],
    [50, 50],
    [99, 1],
  ]) {
    const { output } = byHand(cellMiddle(column, picture.size), -cellMiddle(row, picture.size));
    assert.ok(Math.abs(picture.output[row * picture.size + column] - output) < 1e-5);
  }
});

test("every unit has a small picture of its own answer", async () => {
  const { answer } = await loadedService();
  const { picture } = /** @type {any} */ (await answer(drawRequest()));
  assert.deepEqual(
    picture.tiles.map((/** @type {any[]} */ layer) => layer.length),
    [2, 1],
  );
  const cell = Math.floor((5.5 * picture.size) / tileSize);
  const { hidden } = byHand(cellMiddle(cell, picture.size), -cellMiddle(cell, picture.size));
  assert.ok(Math.abs(picture.tiles[0][1][5 * tileSize + 5] - hidden[1]) < 1e-5);
});

test("every buffer of a picture is handed over once, the weights are kept", async () => {
  const { answer } = await loadedService();
  const drawn = await answer(drawRequest());
  const buffers = buffersOf(drawn);
  assert.equal(buffers.length, 1 + 3);
  structuredClone(drawn, { transfer: /** @type {any} */ (buffers) });
  assert.equal((await answer(drawRequest())).type, "picture");
});

test("the unit in focus is drawn large; one that does not exist is not", async () => {
  const { answer } = await loadedService();
  const focused = /** @type {any} */ (await answer(drawRequest({ focus: { layer: 0, unit: 1 } }))).picture;
  assert.ok(
    Math.abs(focused.large[0] - byHand(cellMiddle(0, focused.size), -cellMiddle(0, focused.size)).hidden[1]) < 1e-5,
  );
  const lost = /** @type {any} */ (await answer(drawRequest({ focus: { layer: 0, unit: 5 } }))).picture;
  assert.equal(lost.focus, null);
  assert.deepEqual(lost.large, lost.output);
});

test("the weights of a frame replace those of the model, and nothing leaks", async () => {
  const { answer } = await loadedService();
  await answer(drawRequest());
  const tensors = tf.memory().numTensors;
  for (let epoch = 8; epoch < 12; epoch += 1)
    await answer(drawRequest({ weights: weights.map((weight) => -weight), epoch }));
  const { picture } = /** @type {any} */ (await answer(drawRequest({ weights: new Float32Array(9) })));
  assert.ok(picture.output.every((/** @type {number} */ value) => Math.abs(value - 0.5) < 1e-6));
  assert.equal(tf.memory().numTensors, tensors);
});

test("a new model takes the place of the old one without leaking", async () => {
  const service = new PictureService(tf, () => 0);
  const answer = (/** @type {any} */ request) => service.answer(request);
  const load = () => answer({ type: "load", runId: "r1", files: makeFiles(), featureNames: ["x1", "x2"] });
  await load();
  const tensors = tf.memory().numTensors;
  await load();
  assert.equal(tf.memory().numTensors, tensors);
});

test("a picture of a run that is not loaded is refused in words", async () => {
  const { answer } = await loadedService();
  const refused = /** @type {any} */ (await answer(drawRequest({ runId: "r2" })));
  assert.deepEqual([refused.type, refused.during, refused.runId], ["failed", "draw", "r2"]);
});

test("files that are no model are refused, and the model before stays", async () => {
  const { answer } = await loadedService();
  const broken = { ...makeFiles(), model: { weightsManifest: [] } };
  const refused = await answer({ type: "load", runId: "r2", files: broken, featureNames: ["x1"] });
  assert.equal(refused.type, "failed");
  assert.equal((await answer(drawRequest())).type, "picture");
});
