import assert from "node:assert/strict";
import { test } from "node:test";
import { createOcclusionWork, MapWork } from "../../../../../static/js/pages/images/inside/long-work.js";
import { insideAtFirst } from "../../../../../static/js/pages/images/inside/slice.js";
import { createStore } from "../../../../../static/js/state/store.js";

const side = 10;
const looked = 3 * side + 7;

/** A network that is sure as long as it sees one bright pixel. */
function makeBench() {
  const picture = new Uint8Array(side * side);
  picture[looked] = 255;
  const rows = Array.from({ length: 12 }, (_unused, index) => (index < 6 ? index : 200 + index));
  const tested = { key: "k", labels: rows.map(() => 0), pictures: Uint8Array.from(rows), size: 1, shape: [1, 1, 1] };
  const store = createStore(
    /** @type {any} */ ({
      model: { runId: "r", epoch: 4, version: 1, info: { shape: [side, side, 1], outputs: 1 } },
      draw: { picture },
      run: { spec: { dataset: { name: "digits" } } },
      spec: { dataset: { name: "digits" } },
      quality: { tested },
      inside: insideAtFirst,
    }),
  );
  /** @type {number[]} */
  const pieces = [];
  const network = {
    async ask(/** @type {string} */ _lane, /** @type {string} */ name, /** @type {Uint8Array} */ pictures) {
      if (name === "describe")
        return { columns: 2, values: Float32Array.from([...pictures].flatMap((value) => [value, 2 * value])) };
      const count = pictures.length / picture.length;
      pieces.push(count);
      return Float32Array.from({ length: count }, (_unused, at) => pictures[at * picture.length + looked] / 255);
    },
    async compute(/** @type {string} */ name, /** @type {any} */ given) {
      const places = new Float32Array(24);
      if (name === "spread") return { places, iterations: 0, shares: [1, 0] };
      return { places, iterations: name === "gather" ? 0 : 495 + given, shares: null };
    },
  };
  return { store, pieces, tools: /** @type {any} */ ({ store, network, now: () => 0 }) };
}

const settled = () => new Promise((done) => setTimeout(done, 20));

test("the answer falls where the network looks, and the map is made in pieces", async () => {
  const { store, pieces, tools } = makeBench();
  createOcclusionWork(tools).start();
  await settled();
  const { occlusion } = store.get().inside;
  assert.equal(occlusion?.done, 1);
  assert.equal(occlusion?.winner, 1);
  const map = /** @type {Float32Array} */ (occlusion?.map);
  assert.equal(map.indexOf(Math.max(...map)), looked);
  assert.ok(pieces.length > 2);
});

test("what was found about another picture is forgotten", async () => {
  const { store, tools } = makeBench();
  const work = createOcclusionWork(tools);
  work.start();
  work.forget();
  await settled();
  assert.equal(store.get().inside.occlusion, null);
});

test("a map of neighbours tells how far it is, and of which epoch it is", async () => {
  const { store, tools } = makeBench();
  /** @type {number[]} */
  const told = [];
  store.subscribe(({ inside }) => told.push(inside.map?.done ?? 0));
  new MapWork(tools).start("gather");
  await settled();
  assert.equal(told.at(-1), 1);
  assert.deepEqual(
    [...told].sort((one, other) => one - other),
    told,
  );
  assert.equal(store.get().inside.map?.epoch, 4);
});

test("principal components tell what share of the spread they show", async () => {
  const { store, tools } = makeBench();
  new MapWork(tools).start("spread");
  await settled();
  assert.deepEqual(store.get().inside.map?.shares, [1, 0]);
});
