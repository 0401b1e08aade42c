/** Keeps the page smooth: TensorFlow.js runs here. A classic worker, because the library comes as scripts, not modules. */

/** @type {any} */
const workerScope = self;
const vendor = new URL("../../vendor/tfjs/", self.location.href).href;

/** @param {string[]} names of parts of the library; each adds itself to the one name `tf` */
const load = (...names) => workerScope.importScripts(...names.map((name) => `${vendor}tf-${name}.min.js`));

/** The page's own models are of layers; what reads a graph is fetched by the first that is one. @param {any} tf */
function learnGraphModels(tf) {
  tf.loadGraphModel = (/** @type {unknown} */ source) => {
    load("converter");
    return tf.loadGraphModel(source);
  };
}

/** @returns {Promise<any>} TensorFlow.js with the fastest backend that works here */
async function loadLibrary() {
  // The library assigns this name in strict mode; where it does not exist yet, it falls back to building a function from
  // text, which the page's content security policy rightly refuses.
  workerScope.regeneratorRuntime = undefined;
  load("core", "layers", "backend-wasm");
  const { tf } = workerScope;
  tf.wasm.setWasmPaths(vendor);
  const isFast = await tf.setBackend("wasm").catch(() => false);
  if (!isFast) {
    load("backend-cpu");
    await tf.setBackend("cpu");
  }
  await tf.ready();
  learnGraphModels(tf);
  return tf;
}

/** Which service a worker is for, its name says. @param {any} tf */
async function makeService(tf) {
  if (workerScope.name === "images") {
    const { ImageService, buffersOf } = await import("./image-service.js");
    return { service: new ImageService(tf), buffersOf };
  }
  const { PictureService, buffersOf } = await import("./picture-service.js");
  return { service: new PictureService(tf, () => performance.now()), buffersOf };
}

async function prepare() {
  const tf = await loadLibrary();
  /** @type {{service: any, buffersOf: (answer: any) => ArrayBufferLike[]}} */
  const { service, buffersOf } = await makeService(tf);
  return async (/** @type {any} */ request) => {
    const answer = await service.answer(request);
    workerScope.postMessage(answer, buffersOf(answer));
  };
}

const prepared = prepare();
prepared.then(
  () => workerScope.postMessage({ type: "ready", backend: workerScope.tf.getBackend() }),
  (error) => workerScope.postMessage({ type: "failed", during: "load", runId: "", message: String(error) }),
);

/** One request after the other: a picture must never overtake the model it is drawn from. */
let line = Promise.resolve();
self.onmessage = ({ data }) => {
  line = line.then(async () => (await prepared)(data)).catch(() => undefined);
};
