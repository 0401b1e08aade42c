import assert from "node:assert/strict";
import { before, test } from "node:test";
import { cellMiddle, gridInputs } from "../../../static/js/core/grid.js";
import { buffersOf, PictureService } from "../../../static/js/inference/picture-service.js";
import { curveSize, tileSize } from "../../../static/js/inference/predict-grid.js";
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

/** @type {import("../../../static/js/inference/predict-grid.js").Plot} */
const plane = { kind: "plane", featureNames: ["x1", "x2"], domain: [-2, 2], isProbability: true };
const numbers = { ...plane, isProbability: false };

/** @param {any} files @param {any} plot */
async function loadedService(files = makeFiles(), plot = numbers) {
  const service = new PictureService(tf, () => 0);
  const answer = (/** @type {any} */ request) => service.answer(request);
  const loaded = await answer({ type: "load", runId: "r1", files, plot });
  return { answer, loaded: /** @type {any} */ (loaded) };
}

/** @param {any} change */
const drawRequest = (change = {}) => ({
  type: /** @type {const} */ ("draw"),
  runId: "r1",
  weights: weights.slice(),
  epoch: 7,
  focus: null,
  isFine: false,
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
    assert.ok(Math.abs(picture.outputs[0][row * picture.size + column] - output) < 1e-5);
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

test("all numbers of a picture are handed over in one piece, and its weights", async () => {
  const { answer } = await loadedService();
  const drawn = /** @type {any} */ (await answer(drawRequest({ focus: { layer: 0, unit: 1 } })));
  const { outputs, large, tiles } = drawn.picture;
  const buffers = buffersOf(drawn);
  assert.equal(buffers.length, 2);
  for (const grid of [...outputs, ...large, ...tiles.flat()]) assert.ok(buffers.includes(grid.buffer));
  structuredClone(drawn, { transfer: /** @type {any} */ (buffers) });
  assert.equal((await answer(drawRequest())).type, "picture");
});

test("the unit in focus is drawn large; one that does not exist is not", async () => {
  const { answer } = await loadedService();
  const focused = /** @type {any} */ (await answer(drawRequest({ focus: { layer: 0, unit: 1 } }))).picture;
  assert.ok(
    Math.abs(focused.large[0][0] - byHand(cellMiddle(0, focused.size), -cellMiddle(0, focused.size)).hidden[1]) < 1e-5,
  );
  const lost = /** @type {any} */ (await answer(drawRequest({ focus: { layer: 0, unit: 5 } }))).picture;
  assert.equal(lost.focus, null);
  assert.equal(lost.large, lost.outputs);
});

test("the weights of a frame replace those of the model, and nothing leaks", async () => {
  const { answer } = await loadedService();
  await answer(drawRequest());
  const tensors = tf.memory().numTensors;
  for (let epoch = 8; epoch < 12; epoch += 1)
    await answer(drawRequest({ weights: weights.map((weight) => -weight), epoch }));
  const { picture } = /** @type {any} */ (await answer(drawRequest({ weights: new Float32Array(9) })));
  assert.ok(picture.outputs[0].every((/** @type {number} */ value) => Math.abs(value - 0.5) < 1e-6));
  assert.equal(tf.memory().numTensors, tensors);
});

test("a probability is stretched to -1 … 1, hidden units are shown as they are", async () => {
  const { answer } = await loadedService(makeFiles(), plane);
  const { picture } = /** @type {any} */ (await answer(drawRequest()));
  const { hidden, output } = byHand(cellMiddle(0, picture.size), -cellMiddle(0, picture.size));
  assert.ok(Math.abs(picture.outputs[0][0] - (2 * output - 1)) < 1e-5);
  const corner = picture.tiles.map((/** @type {any[]} */ layer) => layer[0][0]);
  assert.ok(Math.abs(corner[0] - hidden[0]) < 0.05);
  assert.ok(Math.abs(corner[1] - (2 * output - 1)) < 0.05);
});

test("a moment that stands still is drawn at the finest grid, whatever the machine manages while it trains", async () => {
  let elapsed = 0;
  const service = new PictureService(tf, () => {
    elapsed += 40;
    return elapsed;
  });
  await service.answer({ type: "load", runId: "r1", files: makeFiles(), plot: plane });
  const draw = async (/** @type {any} */ change = {}) =>
    /** @type {any} */ (await service.answer(drawRequest(change))).picture.size;
  assert.equal(await draw(), 100);
  for (let picture = 0; picture < 30; picture += 1) await draw();
  assert.equal(await draw(), 50);
  assert.equal(await draw({ isFine: true }), 100);
});

test("rows of samples are answered as the network answers them", async () => {
  const { answer } = await loadedService(makeFiles(), plane);
  const evaluated = /** @type {any} */ (
    await answer({
      type: "evaluate",
      runId: "r1",
      epoch: 7,
      weights: weights.slice(),
      train: new Float32Array([1, 2, -3, 0.5]),
      val: new Float32Array(0),
    })
  );
  assert.deepEqual([evaluated.type, evaluated.outputs, evaluated.val.length], ["evaluated", 1, 0]);
  assert.ok(Math.abs(evaluated.train[0] - byHand(1, 2).output) < 1e-6);
  assert.ok(Math.abs(evaluated.train[1] - byHand(-3, 0.5).output) < 1e-6);
  structuredClone(evaluated, { transfer: /** @type {any} */ (buffersOf(evaluated)) });
});

test("a network over a line is drawn along it, with tiles as long as the line", async () => {
  const files = makeFiles();
  const curve = { kind: "curve", featureNames: ["x1", "x1_squared"], domain: [-2, 2], isProbability: false };
  const { answer } = await loadedService(files, curve);
  const { picture } = /** @type {any} */ (await answer(drawRequest({ focus: { layer: 0, unit: 0 } })));
  assert.deepEqual([picture.kind, picture.size], ["curve", curveSize]);
  assert.deepEqual(
    [...picture.outputs, ...picture.large, ...picture.tiles.flat()].map((grid) => grid.length),
    Array(5).fill(curveSize),
  );
  assert.ok(Math.abs(picture.outputs[0][0] - byHand(-2, 4).output) < 1e-5);
  assert.ok(Math.abs(picture.large[0][curveSize - 1] - byHand(2, 4).hidden[0]) < 1e-5);
});

test("a new model takes the place of the old one without leaking", async () => {
  const service = new PictureService(tf, () => 0);
  const answer = (/** @type {any} */ request) => service.answer(request);
  const load = () => answer({ type: "load", runId: "r1", files: makeFiles(), plot: plane });
  await load();
  const tensors = tf.memory().numTensors;
  await load();
  assert.equal(tf.memory().numTensors, tensors);
});

/** Three inputs' worth of a network with a normalization, a dropout and three classes. */
function makeNormalizedFiles() {
  const first = dense("hidden_1", 2, "relu", { batch_input_shape: [null, 2] });
  const normalization = {
    class_name: "BatchNormalization",
    config: { name: "hidden_2", axis: -1, momentum: 0.99, epsilon: 0.001, center: true, scale: true },
  };
  const dropout = { class_name: "Dropout", config: { name: "hidden_3", rate: 0.5 } };
  const files = makeFiles();
  const layers = [first, normalization, dropout, dense("output", 3, "softmax")];
  const shapes = {
    "hidden_1/kernel": [2, 2],
    "hidden_1/bias": [2],
    "hidden_2/gamma": [2],
    "hidden_2/beta": [2],
    "hidden_2/moving_mean": [2],
    "hidden_2/moving_variance": [2],
    "output/kernel": [2, 3],
    "output/bias": [3],
  };
  const manifest = Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: "float32" }));
  const values = Float32Array.from({ length: 23 }, (_unused, index) => ((index * 7) % 11) / 10 - 0.3);
  values.set([2, 3], 12);
  const modelTopology = { model_config: { class_name: "Sequential", config: { name: "run", layers } } };
  const model = { ...files.model, modelTopology, weightsManifest: [{ paths: ["a.bin"], weights: manifest }] };
  return { values, files: { ...files, model, weights: values.slice().buffer, probe: {} } };
}

/** @param {Float32Array} w @param {number} x1 @param {number} x2 */
function normalizedByHand(w, x1, x2) {
  const hidden = [0, 1].map((unit) => {
    const answer = Math.max(0, x1 * w[unit] + x2 * w[2 + unit] + w[4 + unit]);
    return ((answer - w[10 + unit]) / Math.sqrt(w[12 + unit] + 0.001)) * w[6 + unit] + w[8 + unit];
  });
  const powers = [0, 1, 2].map((unit) => Math.exp(hidden[0] * w[14 + unit] + hidden[1] * w[17 + unit] + w[20 + unit]));
  const sum = powers.reduce((total, power) => total + power, 0);
  return { hidden, outputs: powers.map((power) => power / sum) };
}

test("a frame follows the list of the model's file, with a normalization too; units show what they hand on", async () => {
  const { values, files } = makeNormalizedFiles();
  const { answer } = await loadedService(files, plane);
  for (const w of [values, values.map((value, index) => (index === 12 ? 5 : value * 1.5))]) {
    const { picture } = /** @type {any} */ (
      await answer(drawRequest({ weights: w.slice(), focus: { layer: 0, unit: 1 } }))
    );
    assert.deepEqual(
      [picture.outputs.length, picture.tiles.map((/** @type {any[]} */ layer) => layer.length)],
      [3, [2, 3]],
    );
    const inputs = gridInputs(["x1", "x2"], picture.size);
    for (const cell of [0, 99, 5050, 9999]) {
      const { hidden, outputs } = normalizedByHand(w, inputs[2 * cell], inputs[2 * cell + 1]);
      outputs.forEach((output, unit) => {
        assert.ok(Math.abs(picture.outputs[unit][cell] - output) < 1e-4);
      });
      assert.ok(Math.abs(picture.large[0][cell] - hidden[1]) < 1e-3);
    }
  }
});

test("a picture of a run that is not loaded is refused in words", async () => {
  const { answer } = await loadedService();
  const refused = /** @type {any} */ (await answer(drawRequest({ runId: "r2" })));
  assert.deepEqual([refused.type, refused.during, refused.runId], ["failed", "draw", "r2"]);
});

test("files that are no model are refused, and the model before stays", async () => {
  const { answer } = await loadedService();
  const broken = { ...makeFiles(), model: { weightsManifest: [] } };
  const refused = await answer({ type: "load", runId: "r2", files: broken, plot: plane });
  assert.equal(refused.type, "failed");
  assert.equal((await answer(drawRequest())).type, "picture");
});
