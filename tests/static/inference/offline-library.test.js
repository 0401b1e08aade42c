import assert from "node:assert/strict";
import { test } from "node:test";
import { startLibrary } from "../../../static/js/inference/offline-library.js";

/** TensorFlow.js as far as its start needs it. @param {{simd: boolean, works?: boolean}} can */
function makeLibrary({ simd, works = true }) {
  /** @type {any} */
  const platform = {};
  /** @type {Record<string, unknown>} */
  const flags = {};
  const env = {
    platform,
    set: (/** @type {string} */ name, /** @type {unknown} */ value) => {
      flags[name] = value;
    },
    getAsync: async () => simd,
  };
  let backend = "";
  const tf = {
    env: () => env,
    wasm: { setWasmPaths() {} },
    async setBackend(/** @type {string} */ name) {
      if (name === "wasm" && !works) throw new Error("no kernels here");
      backend = name;
      return true;
    },
    async ready() {},
  };
  return { tf, platform, flags, backend: () => backend };
}

const kernels = async () => new Uint8Array([0, 97, 115, 109]);

test("the kernels that are in the page are what the library gets when it asks the network", async () => {
  const { tf, platform, flags, backend } = makeLibrary({ simd: true });
  await startLibrary(tf, kernels);
  const answer = await platform.fetch("anything.wasm");
  assert.equal(answer.ok, true);
  assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), await kernels());
  assert.equal(backend(), "wasm");
  assert.deepEqual(flags, { WASM_HAS_MULTITHREAD_SUPPORT: false });
});

for (const [why, library, readKernels] of /** @type {const} */ ([
  ["the page has none", makeLibrary({ simd: true }), null],
  ["the processor cannot run them", makeLibrary({ simd: false }), kernels],
  ["they do not start", makeLibrary({ simd: true, works: false }), kernels],
  ["they cannot be unpacked", makeLibrary({ simd: true }), () => Promise.reject(new Error("old browser"))],
])) {
  test(`without kernels, because ${why}, the plain script answers`, async () => {
    await startLibrary(library.tf, readKernels);
    assert.equal(library.backend(), "cpu");
  });
}
