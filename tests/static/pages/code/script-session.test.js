import assert from "node:assert/strict";
import { test } from "node:test";
import { createScriptSession } from "../../../../static/js/pages/code/script-session.js";
import { wantedEpochs } from "../../../../static/js/pages/code/view-data.js";
import { createStore } from "../../../../static/js/state/store.js";
import { makeSpec } from "../../builders.js";

const idle = () => new Promise((/** @type {(done?: any) => void} */ done) => setTimeout(done, 0));

/** @param {any} state */
function openSession(state) {
  const store = createStore(/** @type {any} */ ({ spec: makeSpec(), run: null, panel: "code", ...state }));
  /** @type {any[]} */
  const asked = [];
  /** @type {any} */
  const api = {
    async fetchScript(/** @type {any} */ spec, /** @type {number | null} */ epochs) {
      asked.push([spec.seed, epochs]);
      if (spec.seed === 13) throw Object.assign(new Error("No."), { problems: [{ message: "Pictures have none." }] });
      return { script: `seed ${spec.seed}`, notebook: {} };
    },
  };
  const session = createScriptSession({ api, store, wait: idle });
  store.subscribe(() => session.follow());
  return { store, asked };
}

test("a closed panel asks for nothing", async () => {
  const { store, asked } = openSession({ panel: "runs" });
  store.set({ spec: makeSpec({ seed: 1 }) });
  await idle();
  assert.deepEqual(asked, []);
});

test("a slider that moves asks once, for where it came to rest", async () => {
  const { store, asked } = openSession({});
  for (const seed of [1, 2, 3]) store.set({ spec: makeSpec({ seed }) });
  await idle();
  await idle();
  assert.deepEqual(asked, [[3, null]]);
  assert.equal(store.get().code.script, "seed 3");
});

test("what cannot be a script says why", async () => {
  const { store } = openSession({});
  store.set({ spec: makeSpec({ seed: 13 }) });
  await idle();
  await idle();
  assert.deepEqual(store.get().code, { script: "", notebook: null, problem: "Pictures have none." });
});

for (const { name, run, last, epochs } of [
  { name: "no run", run: null, last: null, epochs: null },
  { name: "an untrained run", run: { status: "paused", epoch: 0 }, last: 7, epochs: null },
  { name: "a paused run", run: { status: "paused", epoch: 40 }, last: 7, epochs: 40 },
  {
    name: "a running one, whose epochs would change all the time",
    run: { status: "running", epoch: 50 },
    last: 7,
    epochs: 7,
  },
]) {
  test(`${name} asks for ${epochs ?? "the server's number of"} epochs`, () => {
    assert.equal(wantedEpochs(/** @type {any} */ ({ run, spec: makeSpec() }), last), epochs);
  });
}
