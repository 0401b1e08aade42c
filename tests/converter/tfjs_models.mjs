// Makes layers models with TensorFlow.js' own functions, asks them, and saves them as `model.save` does in a browser.
//
//   node tfjs_models.mjs NODE_MODULES OUT
//
// OUT gets a folder for each model: model.json and weights.bin as a browser downloads them, and answers.json with inputs
// and outputs (each shape, dtype, flat data). Prints the names, a line each.
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [nodeModules, out] = process.argv.slice(2);
console.warn = () => {}; // the advice to install the native backend
const tf = createRequire(resolve(nodeModules, "converter-test.cjs"))("@tensorflow/tfjs");
const { layers } = tf;

let seed = 1;
const rows = 4;
const row = [6];
const sequence = [5, 3];
const picture = [6, 7, 2];
const film = [3, 5, 6, 2];
const volume = [4, 5, 6, 2];

const numbers = (shape) => tf.randomUniform([rows, ...shape], -2, 2, "float32", seed++);
const ids = (shape) => tf.randomUniform([rows, ...shape], 0, 7, "int32", seed++);

/** A model of one layer, as people write it: the first layer knows the shape. */
const one = (shape, make) => ({
  model: () => tf.sequential({ layers: [make({ inputShape: shape })] }),
  inputs: () => [numbers(shape)],
});
/** A functional model. */
const wired = (shapes, wire, makeInputs = numbers) => ({
  model: () => {
    const inputs = shapes.map((shape) => tf.input({ shape }));
    return tf.model({ inputs, outputs: wire(...inputs) });
  },
  inputs: () => shapes.map(makeInputs),
});
/** Layers that take several inputs of one shape. */
const merged = (make) => wired([row, row], (a, b) => make().apply([a, b]));
/** A model of one layer for each set of options. */
const each = (name, shape, optionsOfEach) =>
  Object.fromEntries(
    optionsOfEach.map((options) => [
      `${name} ${JSON.stringify(options)}`,
      one(shape, (first) => layers[name]({ ...first, ...options })),
    ]),
  );

const activations = ["elu", "gelu", "hardSigmoid", "linear", "logSoftmax", "mish", "relu", "relu6", "selu", "sigmoid"];
activations.push("softmax", "softplus", "softsign", "swish", "tanh");
const gated = [{ returnSequences: true }, { recurrentActivation: "sigmoid" }, { goBackwards: true, useBias: false }];
const units = (options) => options.map((option) => ({ units: 4, ...option }));

const table = {
  ...each(
    "activation",
    row,
    activations.map((activation) => ({ activation })),
  ),
  ...each("dense", row, [
    { units: 3, activation: "hardSigmoid" },
    { units: 2, useBias: false, activation: "relu6" },
  ]),
  ...each("dense", sequence, [{ units: 3, kernelRegularizer: "l1l2", kernelConstraint: "maxNorm" }]),
  ...each("conv1d", sequence, [{ filters: 2, kernelSize: 2, strides: 2, padding: "same" }]),
  ...each("conv2d", picture, [
    { filters: 3, kernelSize: [2, 3], dilationRate: 2, activation: "selu" },
    { filters: 3, kernelSize: 3, strides: [2, 1], padding: "same", useBias: false },
  ]),
  ...each("conv3d", volume, [{ filters: 2, kernelSize: 2 }]),
  ...each("conv2dTranspose", picture, [{ filters: 3, kernelSize: 3, strides: 2, padding: "same" }]),
  ...each("conv3dTranspose", volume, [{ filters: 2, kernelSize: 2, strides: 2 }]),
  ...each("depthwiseConv2d", picture, [{ kernelSize: 3, depthMultiplier: 2, activation: "tanh" }]),
  ...each("separableConv2d", picture, [{ filters: 3, kernelSize: 3, padding: "same" }]),
  ...each("maxPooling1d", sequence, [{ poolSize: 2 }, { poolSize: 3, strides: 1, padding: "same" }]),
  ...each("averagePooling2d", picture, [{ poolSize: [2, 3] }, { poolSize: 2, strides: 1, padding: "same" }]),
  ...each("maxPooling3d", volume, [{ poolSize: 2 }]),
  ...each("globalAveragePooling1d", sequence, [{}]),
  ...each("globalMaxPooling1d", sequence, [{}]),
  ...each("globalAveragePooling2d", picture, [{}]),
  ...each("globalMaxPooling2d", picture, [{}]),
  ...each("batchNormalization", picture, [{}, { epsilon: 0.01, center: false }, { scale: false }]),
  ...each("layerNormalization", picture, [{}, { axis: [-2, -1], epsilon: 0.01, scale: false }]),
  ...each("reLU", row, [{}, { maxValue: 1 }]),
  ...each("leakyReLU", row, [{}, { alpha: 0.1 }]),
  ...each("prelu", picture, [{}, { sharedAxes: [1, 2] }]),
  ...each("elu", row, [{}]),
  ...each("thresholdedReLU", row, [{}, { theta: 0.5 }]),
  ...each("softmax", sequence, [{ axis: -1 }, { axis: 2 }]),
  ...each("flatten", picture, [{}]),
  ...each("reshape", picture, [{ targetShape: [12, 7] }]),
  ...each("permute", picture, [{ dims: [3, 1, 2] }]),
  ...each("repeatVector", row, [{ n: 3 }]),
  ...each("zeroPadding2d", picture, [
    {
      padding: [
        [1, 0],
        [2, 3],
      ],
    },
  ]),
  ...each("cropping2D", picture, [
    {
      cropping: [
        [1, 0],
        [2, 3],
      ],
    },
  ]),
  ...each("upSampling2d", picture, [{ size: [2, 3] }]),
  ...each("dropout", row, [{ rate: 0.5 }]),
  ...each("spatialDropout1d", sequence, [{ rate: 0.5 }]),
  ...each("gaussianNoise", row, [{ stddev: 1 }]),
  ...each("gaussianDropout", row, [{ rate: 0.5 }]),
  ...each("alphaDropout", row, [{ rate: 0.5 }]),
  ...each("rescaling", picture, [{ scale: 0.5, offset: -1 }]),
  ...each("simpleRNN", sequence, units([{}, { activation: "relu", returnSequences: true }])),
  ...each("gru", sequence, units([{}, ...gated])),
  ...each("lstm", sequence, units([{}, ...gated])),
  ...each("convLstm2d", film, [
    { filters: 2, kernelSize: 2 },
    { filters: 2, kernelSize: 3, padding: "same" },
  ]),
  add: merged(layers.add),
  average: merged(layers.average),
  concatenate: merged(() => layers.concatenate({ axis: 1 })),
  dot: merged(() => layers.dot({ axes: 1, normalize: true })),
  maximum: merged(layers.maximum),
  minimum: merged(layers.minimum),
  multiply: merged(layers.multiply),
  embedding: {
    model: () => tf.sequential({ layers: [layers.embedding({ inputDim: 7, outputDim: 3, inputLength: 5 })] }),
    inputs: () => [ids([5])],
  },
  "masked embedding and lstm": {
    model: () =>
      tf.sequential({
        layers: [
          layers.embedding({ inputDim: 7, outputDim: 3, maskZero: true, inputLength: 5 }),
          layers.lstm({ units: 2 }),
        ],
      }),
    inputs: () => [
      tf.tensor2d(
        [
          [1, 2, 0, 0, 0],
          [3, 0, 4, 0, 0],
          [1, 1, 1, 1, 1],
          [6, 5, 4, 3, 0],
        ],
        [4, 5],
        "int32",
      ),
    ],
  },
  "masking and gru": {
    model: () =>
      tf.sequential({ layers: [layers.masking({ inputShape: sequence, maskValue: 1 }), layers.gru({ units: 2 })] }),
    inputs: () => [tf.randomUniform([rows, ...sequence], 0, 2, "int32", seed++).toFloat()],
  },
  ...Object.fromEntries(
    ["concat", "sum", "mul", "ave"].map((mergeMode) => [
      `bidirectional ${mergeMode}`,
      one(sequence, (first) =>
        layers.bidirectional({
          ...first,
          layer: layers.lstm({ units: 2, returnSequences: mergeMode === "sum" }),
          mergeMode,
        }),
      ),
    ]),
  ),
  "time distributed layer": one([3, 4], (first) =>
    layers.timeDistributed({ ...first, layer: layers.dense({ units: 2 }) }),
  ),
  "time distributed model": one([3, 4], (first) =>
    layers.timeDistributed({
      ...first,
      layer: tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [4] }), layers.dense({ units: 3 })] }),
    }),
  ),
  "cell in rnn": one(sequence, (first) => layers.rnn({ ...first, cell: layers.gruCell({ units: 3 }) })),
  "stacked cells": one(sequence, (first) =>
    layers.rnn({
      ...first,
      cell: layers.stackedRNNCells({ cells: [layers.lstmCell({ units: 3 }), layers.simpleRNNCell({ units: 2 })] }),
      returnSequences: true,
    }),
  ),
  "states handed over": wired([sequence, sequence], (a, b) => {
    const [, ...states] = layers.lstm({ units: 3, returnState: true }).apply(a);
    return layers.lstm({ units: 3 }).apply([b, ...states]);
  }),
  "shared layer, called in another order than made": wired([row], (x) => {
    const [first, second] = [layers.dense({ units: 6, name: "first" }), layers.dense({ units: 6, name: "second" })];
    const early = first.apply(x);
    return [layers.activation({ activation: "tanh" }).apply(first.apply(second.apply(early))), second.apply(x)];
  }),
  "models inside a model": wired([row], (x) => {
    const inner = tf.sequential({ layers: [layers.dense({ units: 6, inputShape: row, activation: "tanh" })] });
    const deep = tf.input({ shape: row });
    const outer = tf.model({ inputs: deep, outputs: layers.dense({ units: 6 }).apply(inner.apply(deep)) });
    return [outer.apply(outer.apply(x)), layers.dense({ units: 2 }).apply(x)];
  }),
  "a sequential model inside one": {
    model: () =>
      tf.sequential({
        layers: [tf.sequential({ layers: [layers.dense({ units: 4, inputShape: row })] }), layers.dense({ units: 2 })],
      }),
    inputs: () => [numbers(row)],
  },
};

/** Weights that hide nothing: no bias is zero, no variance below. */
function spread(model) {
  model.setWeights(model.getWeights().map((weight) => tf.randomUniform(weight.shape, 0.1, 0.9, "float32", seed++)));
}

async function described(tensors) {
  return Promise.all(
    tensors.map(async (tensor) => ({
      shape: tensor.shape,
      dtype: tensor.dtype,
      data: Array.from(await tensor.data()),
    })),
  );
}

/** The files that `downloads://model` gives. */
async function save(model, folder) {
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy }) => {
      const weightsManifest = [{ paths: ["./model.weights.bin"], weights: weightSpecs }];
      const content = { modelTopology, format, generatedBy, convertedBy, weightsManifest };
      await writeFile(join(folder, "model.json"), JSON.stringify(content));
      await writeFile(join(folder, "model.weights.bin"), Buffer.from(tf.io.CompositeArrayBuffer.join(weightData)));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
}

for (const [number, [name, { model: make, inputs: makeInputs }]] of Object.entries(table).entries()) {
  const folder = join(out, String(number));
  await mkdir(folder, { recursive: true });
  const model = make();
  spread(model);
  const inputs = makeInputs();
  const outputs = [model.predict(inputs.length === 1 ? inputs[0] : inputs)].flat();
  await save(model, folder);
  const answers = { inputs: await described(inputs), outputs: await described(outputs) };
  await writeFile(join(folder, "answers.json"), JSON.stringify(answers));
  console.log(name);
}
