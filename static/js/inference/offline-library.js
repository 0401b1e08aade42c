/** TensorFlow.js in a page that may load nothing: its scripts are in the page, and its kernels in WebAssembly come as bytes. */

/** @param {Uint8Array} kernels @returns {any} what the library is given in place of an answer of a server */
const answerWith = (kernels) => ({ ok: true, arrayBuffer: async () => kernels.buffer });

/** @param {any} tf @param {() => Promise<Uint8Array>} readKernels */
async function startFast(tf, readKernels) {
  const env = tf.env();
  // Threads need headers that a file on a disk has not.
  env.set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!(await env.getAsync("WASM_HAS_SIMD_SUPPORT"))) return false;
  const kernels = await readKernels();
  env.platform.fetch = async () => answerWith(kernels);
  tf.wasm.setWasmPaths("inside/", true);
  return tf.setBackend("wasm");
}

/**
 * @param {any} tf TensorFlow.js
 * @param {(() => Promise<Uint8Array>) | null} readKernels null when they are not in the page
 * @returns {Promise<any>} TensorFlow.js with the fastest backend that works here
 */
export async function startLibrary(tf, readKernels) {
  const isFast = readKernels !== null && (await startFast(tf, readKernels).catch(() => false));
  if (!isFast) await tf.setBackend("cpu");
  await tf.ready();
  return tf;
}
