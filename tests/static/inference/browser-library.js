/** TensorFlow.js for tests: the very file the browser gets. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import vm from "node:vm";

/** @returns {Promise<any>} */
export async function loadLibrary() {
  const library = new URL("../../../static/vendor/tfjs/tf.min.js", import.meta.url);
  /** @type {any} */
  const scope = globalThis;
  scope.regeneratorRuntime = undefined;
  scope.require = createRequire(import.meta.url);
  vm.runInThisContext(readFileSync(library, "utf8"));
  await scope.tf.setBackend("cpu");
  return scope.tf;
}
