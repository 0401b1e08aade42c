import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ImageNetwork } from "../../../static/js/inference/image-network.js";
import { buffersOf, ImageService } from "../../../static/js/inference/image-service.js";
import { loadLibrary } from "./browser-library.js";

/** The very library the browser gets. @type {any} */
let tf;
before(async () => {
  tf = await loadLibrary();
});

/** One filter of 2 * 2, flat, two classes: small enough to compute by hand. */
const weights = new Float32Array([1, 0, 0, -1, 0.5, 1, -1, 0, 0]);

/** @param {string} sha */
function makeFiles(sha = "same") {
  const shared = { dtype: "float32", trainable: true };
  const conv = {
    filters: 1,
    kernel_size: [2, 2],
    strides: [1, 1],
    padding: "valid",
    activation: "relu",
    use_bias: true,
  };
  const layers = [
    { class_name: "Conv2D", config: { name: "conv", batch_input_shape: [null, 2, 2, 1], ...conv, ...shared } },
    { class_name: "Flatten", config: { name: "flat", dtype: "float32" } },
    { class_name: "Dropout", config: { name: "drop", rate: 0.5, dtype: "float32" } },
    { class_name: "Dense", config: { name: "out", units: 2, activation: "softmax", use_bias: true, ...shared } },
  ];
  const shapes = { "conv/kernel": [2, 2, 1, 1], "conv/bias": [1], "out/kernel": [1, 2], "out/bias": [2] };
  return {
    model: {
      modelTopology: { model_config: { class_name: "Sequential", config: { name: "run", layers } } },
      weightsManifest: [
        {
          paths: ["a.bin"],
          weights: Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: "float32" })),
        },
      ],
      userDefinedMetadata: { weights_sha256: "same", epoch: 3 },
    },
    weights: /** @type {ArrayBuffer} */ (weights.slice().buffer),
    probe: {
      inputs: [{ shape: [1, 2, 2, 1], data: [1, 0, 0, 0] }],
      outputs: [{ data: softmax([1.5, -1.5]) }],
      tolerance: 1e-4,
      weights_sha256: sha,
    },
  };
}

/** @param {number[]} numbers */
function softmax(numbers) {
  const powers = numbers.map(Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** What the convolution answers to a picture. @param {number[]} picture 0 to 255 */
const byHand = (picture) => Math.max(0, picture[0] / 255 - picture[3] / 255 + 0.5);

async function loadedService() {
  const service = new ImageService(tf);
  let id = 0;
  const ask = async (/** @type {any} */ name, /** @type {any[]} */ ...given) => {
    id += 1;
    return /** @type {any} */ (await service.answer({ id, name, given }));
  };
  const loaded = (await ask("load", "r1", makeFiles())).result;
  return { ask, loaded };
}

test("a network that answers as Keras did is found equal, and says what can be looked at", async () => {
  const { loaded } = await loadedService();
  assert.equal(loaded.check.equal, true);
  assert.equal(loaded.epoch, 3);
  assert.deepEqual(loaded.info.shape, [2, 2, 1]);
  assert.equal(loaded.info.outputs, 2);
  assert.deepEqual(
    loaded.info.layers.map((/** @type {any} */ { kind, shape }) => [kind, shape]),
    [
      ["Conv2D", [1, 1, 1]],
      ["Dense", [2]],
    ],
  );
  assert.deepEqual(loaded.info.layers[0].kernel, { height: 2, width: 2, strideY: 1, strideX: 1, padding: "valid" });
});

test("a probe of another moment decides nothing", async () => {
  const service = new ImageService(tf);
  const { result } = await service.answer({ id: 1, name: "load", given: ["r1", makeFiles("other")] });
  assert.equal(result.check, null);
});

test("pictures are answered as shares of 255, many at once", async () => {
  const { ask } = await loadedService();
  const pictures = [
    [255, 0, 0, 0],
    [51, 0, 0, 102],
  ];
  const { result } = await ask("predict", "r1", Uint8Array.from(pictures.flat()));
  const expected = pictures.flatMap((picture) => softmax([byHand(picture), -byHand(picture)]));
  expected.forEach((share, index) => {
    assert.ok(Math.abs(share - result[index]) < 1e-6);
  });
});

test("the answers of all layers, and what the last layer is given", async () => {
  const { ask } = await loadedService();
  const picture = [255, 0, 0, 51];
  const maps = (await ask("look", "r1", Uint8Array.from(picture))).result;
  assert.equal(maps.length, 2);
  assert.ok(Math.abs(maps[0][0] - byHand(picture)) < 1e-6);
  assert.ok(Math.abs(maps[1][0] + maps[1][1] - 1) < 1e-6);
  const described = (await ask("describe", "r1", Uint8Array.from(picture))).result;
  assert.equal(described.columns, 1);
  assert.ok(Math.abs(described.values[0] - byHand(picture)) < 1e-6);
});

test("a kernel is the filter's own numbers, and follows new weights", async () => {
  const { ask } = await loadedService();
  assert.deepEqual([...(await ask("kernels", "r1", 0, [0])).result[0].kernel], [1, 0, 0, -1]);
  await ask(
    "setWeights",
    "r1",
    weights.map((weight) => weight * 2),
  );
  const [kernel] = (await ask("kernels", "r1", 0, [0])).result;
  assert.deepEqual([...kernel.kernel], [2, 0, 0, -2]);
  assert.equal(kernel.bias, 1);
});

test("new weights answer, and nothing leaks", async () => {
  const { ask } = await loadedService();
  const picture = Uint8Array.from([255, 0, 0, 0]);
  await ask("look", "r1", picture);
  const tensors = tf.memory().numTensors;
  for (let time = 0; time < 4; time += 1) {
    await ask("setWeights", "r1", new Float32Array(9));
    await ask("look", "r1", picture);
    const { result } = await ask("predict", "r1", picture);
    assert.ok(Math.abs(result[0] - 0.5) < 1e-6);
  }
  assert.equal(tf.memory().numTensors, tensors);
});

test("who asks about another run gets an error, not a wrong answer", async () => {
  const { ask } = await loadedService();
  const { error, result } = await ask("predict", "r2", new Uint8Array(4));
  assert.match(error, /not loaded/);
  assert.equal(result, undefined);
});

test("a map is made in pieces", async () => {
  const { ask } = await loadedService();
  const points = Float32Array.from([0, 0, 0, 1, 5, 5, 5, 6]);
  assert.equal((await ask("spread", points, 2)).result.places.length, 8);
  assert.equal((await ask("gather", points, 2)).result.iterations, 0);
  assert.equal((await ask("gatherOn", 3)).result.iterations, 3);
});

test("numbers are handed over instead of copied", () => {
  const [one, other] = [new Float32Array(2), new Float32Array(3)];
  assert.deepEqual(buffersOf({ id: 1, result: [one, other, one] }), [one.buffer, other.buffer]);
  assert.deepEqual(buffersOf({ id: 1, result: { columns: 2, values: one } }), [one.buffer]);
  assert.deepEqual(buffersOf({ id: 1, result: null }), []);
});

test("a model that cannot be checked leaves nothing behind, and the one before goes on", async () => {
  const { ask } = await loadedService();
  const files = makeFiles();
  files.probe.inputs = [{ shape: [1, 3, 3, 1], data: new Array(9).fill(0) }];
  const tensors = tf.memory().numTensors;
  const { error } = await ask("load", "r2", files);
  assert.match(error, /shape/);
  assert.equal(tf.memory().numTensors, tensors);
  assert.equal((await ask("predict", "r1", new Uint8Array(4))).result.length, 2);
});

test("a question that a network cannot answer leaves nothing behind", async () => {
  const { ask } = await loadedService();
  const tensors = tf.memory().numTensors;
  const network = new ImageNetwork(tf, tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2, 1] })] }), {
    weightsManifest: [],
  });
  network.shape = [4, 1, 1];
  assert.throws(() => network.predict(new Uint8Array(4)));
  assert.equal(tf.memory().numTensors, tensors);
  assert.equal((await ask("predict", "r1", new Uint8Array(4))).result.length, 2);
});

/** Blocks of a convolution and a normalization, with a way around each, and a head. @param {number} blocks */
function deepNetwork(blocks) {
  const input = tf.input({ shape: [4, 4, 2] });
  const conv = (/** @type {any} */ from) =>
    tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: "same", useBias: false }).apply(from);
  let flow = tf.layers.reLU().apply(input);
  for (let block = 0; block < blocks; block += 1)
    flow = tf.layers.add().apply([flow, tf.layers.batchNormalization().apply(conv(flow))]);
  const head = tf.layers.dense({ units: 3 }).apply(tf.layers.globalAveragePooling2d({}).apply(flow));
  return new ImageNetwork(tf, tf.model({ inputs: input, outputs: head }), { weightsManifest: [] });
}

test("of a very deep network some convolutions and the head are shown, and no sum that would be wrong", () => {
  const network = deepNetwork(30);
  const { layers } = network.info();
  const kinds = layers.map(({ kind }) => kind);
  assert.deepEqual([kinds[0], kinds.at(-2), kinds.at(-1)], ["ReLU", "GlobalAveragePooling2D", "Dense"]);
  assert.equal(kinds.filter((kind) => kind === "Conv2D").length, 24);
  assert.equal(kinds.length, 27);
  assert.deepEqual(
    layers.filter(({ kernel }) => kernel !== null).map(({ layer }) => layer),
    [1],
  );
  assert.equal(network.look(new Uint8Array(32)).length, 27);
  network.dispose();
});

test("all layers of a network that is not very deep are shown", () => {
  const network = deepNetwork(3);
  assert.equal(network.info().layers.length, 12);
  network.dispose();
});
