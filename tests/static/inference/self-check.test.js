import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadModel } from "../../../static/js/inference/model-loader.js";
import { belongTogether, checkModel, comparePredictions } from "../../../static/js/inference/self-check.js";
import { loadLibrary } from "./browser-library.js";

for (const { name, predictions, expected, equal, difference } of [
  { name: "the same numbers", predictions: [[0.5, -1]], expected: [[0.5, -1]], equal: true, difference: 0 },
  {
    name: "a difference below the tolerance",
    predictions: [[0.5]],
    expected: [[0.50005]],
    equal: true,
    difference: 5e-5,
  },
  {
    name: "a small share of a large number",
    predictions: [[20001]],
    expected: [[20000]],
    equal: true,
    difference: 5e-5,
  },
  {
    name: "a large share of a large number",
    predictions: [[20010]],
    expected: [[20000]],
    equal: false,
    difference: 5e-4,
  },
  { name: "one wrong number", predictions: [[0.5, 0.7]], expected: [[0.5, 0.8]], equal: false, difference: 0.1 },
  { name: "a wrong second output", predictions: [[1], [0]], expected: [[1], [0.5]], equal: false, difference: 0.5 },
  { name: "not-a-number here", predictions: [[NaN, 0]], expected: [[0, 0]], equal: false, difference: Infinity },
  { name: "not-a-number first", predictions: [[NaN], [0]], expected: [[0], [0]], equal: false, difference: Infinity },
  { name: "no number from Keras", predictions: [[0]], expected: [[null]], equal: false, difference: Infinity },
  { name: "too few predictions", predictions: [[0]], expected: [[0, 0]], equal: false, difference: Infinity },
  { name: "too few outputs", predictions: [[0]], expected: [[0], [0]], equal: false, difference: Infinity },
  { name: "too many outputs", predictions: [[0], [0]], expected: [[0]], equal: false, difference: Infinity },
  { name: "nothing at all", predictions: [], expected: [], equal: false, difference: Infinity },
]) {
  test(`${name}: ${equal ? "equal" : "not equal"}`, () => {
    const check = comparePredictions(predictions, expected, 1e-4);
    assert.equal(check.equal, equal);
    assert.ok(check.difference === difference || Math.abs(check.difference - difference) < 1e-9);
  });
}

/** The very library the browser gets. @type {any} */
let tf;
before(async () => {
  tf = await loadLibrary();
});

/** The sum of two inputs of whole numbers, and the first of them as it is. */
function layersModel() {
  const input = (/** @type {string} */ name) => ({
    class_name: "InputLayer",
    name,
    config: { name, batch_input_shape: [null, 2], dtype: "int32" },
    inbound_nodes: [],
  });
  const layer = (/** @type {string} */ name, /** @type {string} */ className, /** @type {string[]} */ sources) => ({
    class_name: className,
    name,
    config: { name, activation: "linear" },
    inbound_nodes: [sources.map((source) => [source, 0, 0, {}])],
  });
  const layers = [input("a"), input("b"), layer("sum", "Add", ["a", "b"]), layer("same", "Activation", ["a"])];
  const end = (/** @type {string} */ name) => [name, 0, 0];
  const ends = { input_layers: [end("a"), end("b")], output_layers: [end("sum"), end("same")] };
  return {
    format: "layers-model",
    modelTopology: { model_config: { class_name: "Functional", config: { name: "m", layers, ...ends } } },
    weightsManifest: [],
  };
}

/** The same as a graph model. @param {string} execution */
function graphModel(execution) {
  const dtype = { type: "DT_INT32" };
  const shape = { shape: { dim: [{ size: "-1" }, { size: "2" }] } };
  const placeholder = (/** @type {string} */ name) => ({ name, op: "Placeholder", attr: { dtype, shape } });
  const node = [
    placeholder("a"),
    placeholder("b"),
    { name: "sum", op: "AddV2", input: ["a", "b"], attr: { T: dtype } },
    { name: "same", op: "Identity", input: ["a"], attr: { T: dtype } },
  ];
  const tensors = (/** @type {string[]} */ names) =>
    Object.fromEntries(names.map((name) => [name, { name: `${name}:0`, dtype: "DT_INT32" }]));
  return {
    format: "graph-model",
    modelTopology: { node, versions: {} },
    signature: { inputs: tensors(["a", "b"]), outputs: tensors(["sum", "same"]) },
    userDefinedMetadata: { execution },
    weightsManifest: [],
  };
}

function probe(wrong = 0) {
  const tensor = (/** @type {number[]} */ data) => ({ shape: [1, 2], dtype: "int32", data });
  return {
    inputs: [tensor([1, 2]), tensor([10, 20])],
    outputs: [tensor([11, 22]), tensor([1, 2 + wrong])],
    tolerance: 1e-4,
  };
}

for (const [name, description] of /** @type {[string, any][]} */ ([
  ["a layers model", layersModel()],
  ["a graph model", graphModel("predict")],
  ["a graph model that has to be waited for", graphModel("executeAsync")],
])) {
  test(`${name} with several inputs and outputs is checked, and nothing leaks`, async () => {
    const model = await loadModel(tf, { model: description, weights: new ArrayBuffer(0), probe: {} });
    const tensors = tf.memory().numTensors;

    assert.deepEqual(await checkModel(tf, model, description, probe()), {
      equal: true,
      difference: 0,
      tolerance: 1e-4,
    });
    assert.equal((await checkModel(tf, model, description, probe(1))).equal, false);
    assert.equal(tf.memory().numTensors, tensors);
  });
}

test("model and probe belong together when their weights are the same", () => {
  const model = { userDefinedMetadata: { weights_sha256: "ab" } };
  assert.ok(belongTogether(model, { weights_sha256: "ab" }));
  assert.ok(!belongTogether(model, { weights_sha256: "cd" }));
  assert.ok(!belongTogether({}, {}));
});
