/** Keeps the page smooth: TensorFlow.js runs here. A classic worker, because the library comes as scripts, not modules. */

/** @type {any} */
const workerScope = self;
const vendor = new URL("../../vendor/tfjs/", self.location.href).href;

async function prepare() {
  // The library assigns this name in strict mode; where it does not exist yet, it falls back to building a function from
  // text, which the page's content security policy rightly refuses.
  workerScope.regeneratorRuntime = undefined;
  workerScope.importScripts(`${vendor}tf.min.js`, `${vendor}tf-backend-wasm.min.js`);
  const { tf } = workerScope;
  tf.wasm.setWasmPaths(vendor);
  const isFast = await tf.setBackend("wasm").catch(() => false);
  if (!isFast) await tf.setBackend("cpu");
  await tf.ready();
  const { PictureService, buffersOf } = await import("./picture-service.js");
  const service = new PictureService(tf, () => performance.now());
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
