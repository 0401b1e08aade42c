// Loads converted models from disk with the real TensorFlow.js and prints what they answer, one JSON line per folder.
//
//   node run_model.mjs NODE_MODULES FOLDER...
//
// The model is fetched as a browser fetches it: through TensorFlow.js' own HTTP loader, with a fetch that reads files.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [nodeModules, ...folders] = process.argv.slice(2);
console.warn = () => {}; // the advice to install the native backend
const tf = createRequire(resolve(nodeModules, "converter-test.cjs"))("@tensorflow/tfjs");

/** A `fetch` that answers from `folder`. */
function fetchFrom(folder) {
  return async (url) => {
    const name = new URL(url).pathname.slice(1);
    return new Response(await readFile(join(folder, name)));
  };
}

async function answers(folder) {
  const loader = tf.io.http("http://model.invalid/model.json", { fetchFunc: fetchFrom(folder) });
  const model = await tf.loadLayersModel(loader);
  const probe = JSON.parse(await readFile(join(folder, "probe.json"), "utf8"));
  const inputs = probe.inputs.map(({ data, shape }) => tf.tensor(data, shape, "float32"));
  const outputs = [model.predict(inputs.length === 1 ? inputs[0] : inputs)].flat();
  return {
    inputNames: model.inputNames,
    outputNames: model.outputNames,
    layers: model.layers.map((layer) => layer.getClassName()),
    metadata: model.getUserDefinedMetadata(),
    weights: model.weights.map((weight) => weight.originalName),
    outputs: await Promise.all(
      outputs.map(async (output) => ({ shape: output.shape, data: Array.from(await output.data()) })),
    ),
  };
}

for (const folder of folders) {
  const answer = await answers(folder).catch((error) => ({ error: String(error.message ?? error) }));
  console.log(JSON.stringify(answer));
}
