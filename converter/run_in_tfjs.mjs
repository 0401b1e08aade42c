// Runs converted models with TensorFlow.js in Node and prints what they answer to their probe, a line of JSON for each.
//
//   node run_in_tfjs.mjs LIBRARY FOLDER...
//
// LIBRARY is the folder of the package @tensorflow/tfjs, or its bundle for browsers (tf.min.js). A model is fetched as a
// browser fetches it, by TensorFlow.js' own loader, with a `fetch` that reads files. A line is
// {"version": ..., "format": ..., "outputs": [{"shape": ..., "data": ...}]}, or {"error": ...} where that fails.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

/** @param {string} library @returns {Promise<any>} TensorFlow.js, computing on the processor */
async function loadLibrary(library) {
  const path = resolve(library);
  /** @type {any} */
  const scope = globalThis;
  let tf;
  if (path.endsWith(".js")) {
    // The bundle assigns this name, and asks for modules of Node by `require`.
    scope.regeneratorRuntime = undefined;
    scope.require = createRequire(pathToFileURL(path));
    vm.runInThisContext(await readFile(path, "utf8"), { filename: path });
    tf = scope.tf;
  } else {
    tf = createRequire(pathToFileURL(join(path, "package.json")))(path);
  }
  await tf.setBackend("cpu");
  return tf;
}

/** @param {string} folder @returns {(url: string) => Promise<Response>} a `fetch` that answers from a folder */
function fetchFrom(folder) {
  return async (url) => new Response(await readFile(join(folder, basename(new URL(url).pathname))));
}

/** @param {string} folder @param {string} name @returns {Promise<any>} */
async function readJson(folder, name) {
  return JSON.parse(await readFile(join(folder, name), "utf8"));
}

/** @param {any} tf @param {any} loader @param {any[]} inputs */
async function answersOfLayers(tf, loader, inputs) {
  const model = await tf.loadLayersModel(loader);
  return model.predict(inputs.length === 1 ? inputs[0] : inputs);
}

/** @param {any} tf @param {any} loader @param {any[]} inputs @param {string} execution */
async function answersOfGraph(tf, loader, inputs, execution) {
  const model = await tf.loadGraphModel(loader);
  return execution === "executeAsync" ? model.executeAsync(inputs) : model.predict(inputs);
}

/** @param {any} tf @param {string} folder */
async function answer(tf, folder) {
  const [model, probe] = await Promise.all([readJson(folder, "model.json"), readJson(folder, "probe.json")]);
  const loader = tf.io.http("http://model.invalid/model.json", { fetchFunc: fetchFrom(folder) });
  const inputs = probe.inputs.map((/** @type {any} */ { data, shape, dtype }) => tf.tensor(data, shape, dtype));
  const outputs =
    model.format === "graph-model"
      ? await answersOfGraph(tf, loader, inputs, model.userDefinedMetadata?.execution)
      : await answersOfLayers(tf, loader, inputs);
  const numbers = [outputs].flat().map(async (/** @type {any} */ output) => ({
    shape: output.shape,
    data: Array.from(await output.data(), Number),
  }));
  return { version: tf.version["tfjs-core"], format: model.format, outputs: await Promise.all(numbers) };
}

console.warn = () => {}; // the advice to install the native backend
const [library, ...folders] = process.argv.slice(2);
const tf = await loadLibrary(library);
for (const folder of folders) {
  const said = await answer(tf, folder).catch((error) => ({ error: String(error?.message ?? error) }));
  console.log(JSON.stringify(said));
  tf.disposeVariables();
}
