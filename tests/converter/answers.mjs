// Asks TensorFlow.js about one converted model: the same code in Node and in a page of a browser.

/** A model is fetched as a browser fetches it: through TensorFlow.js' own HTTP loader. */
const ANYWHERE = "http://model.invalid/";

/** Each output's shape and numbers, in order. */
function numbersOf(outputs) {
  return Promise.all(
    outputs.map(async (output) => ({ shape: output.shape, data: Array.from(await output.data(), Number) })),
  );
}

async function answersOfLayers(tf, loader, inputs) {
  const model = await tf.loadLayersModel(loader);
  const outputs = [model.predict(inputs.length === 1 ? inputs[0] : inputs)].flat();
  const said = {
    inputNames: model.inputNames,
    outputNames: model.outputNames,
    layers: model.layers.map((layer) => layer.getClassName()),
    metadata: model.getUserDefinedMetadata(),
    weights: model.weights.map((weight) => weight.originalName),
    outputs: await numbersOf(outputs),
  };
  model.dispose();
  return said;
}

/** Inputs are given in their order, as somebody would who has not read the names. */
async function answersOfGraph(tf, loader, inputs, description) {
  const model = await tf.loadGraphModel(loader);
  const metadata = description.userDefinedMetadata ?? {};
  const isAsync = metadata.execution === "executeAsync";
  const outputs = [isAsync ? await model.executeAsync(inputs) : model.predict(inputs)].flat();
  const said = {
    inputNames: model.inputNodes,
    outputNames: model.outputNodes,
    layers: description.modelTopology.node.map((node) => node.op),
    metadata,
    weights: Object.keys(model.weights),
    outputs: await numbersOf(outputs),
  };
  model.dispose();
  return said;
}

/**
 * What the model answers to the inputs of its probe.json, with names and classes to compare; `error` if it cannot.
 *
 * @param {any} tf TensorFlow.js
 * @param {(name: string) => Promise<Response>} fetchFile fetches a file of the model's folder
 */
export async function answersOf(tf, fetchFile) {
  const fetchFunc = (url) => fetchFile(String(url).slice(ANYWHERE.length));
  const loader = tf.io.http(`${ANYWHERE}model.json`, { fetchFunc });
  const [description, probe] = await Promise.all(
    ["model.json", "probe.json"].map(async (name) => (await fetchFile(name)).json()),
  );
  const inputs = probe.inputs.map(({ data, shape, dtype }) => tf.tensor(data, shape, dtype));
  const ask = description.format === "graph-model" ? answersOfGraph : answersOfLayers;
  try {
    return await ask(tf, loader, inputs, description);
  } catch (error) {
    return { error: String(error?.message ?? error) };
  } finally {
    tf.dispose(inputs);
    tf.disposeVariables();
  }
}
