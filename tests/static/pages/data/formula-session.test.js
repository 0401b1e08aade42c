import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createFormulaSession } from "../../../../static/js/pages/data/formula-session.js";
import { dataAtFirst } from "../../../../static/js/pages/data/slice.js";
import { createStore } from "../../../../static/js/state/store.js";
import { makeSpec } from "../../builders.js";

/** @type {any} */
let store;
/** @type {any[]} */
let intents;
/** @type {string[]} */
let asked;
/** @type {any} */
let refusal;
/** @type {(typed: {text: string}) => Promise<void>} */
let type;

beforeEach(() => {
  store = createStore(/** @type {any} */ ({ spec: makeSpec(), dataCard: dataAtFirst }));
  intents = [];
  asked = [];
  refusal = null;
  type = createFormulaSession({
    store,
    api: {
      previewDataset: async (/** @type {any} */ dataset) => {
        asked.push(dataset.formula);
        if (refusal) throw refusal;
      },
    },
    onIntent: (intent) => intents.push(intent),
    wait: async () => undefined,
  });
});

test("a law the server can read becomes the law of the data", async () => {
  await type({ text: "x1 + x2" });
  assert.deepEqual(intents, [{ type: "change", name: "formula", value: "x1 + x2" }]);
});

test("a law that cannot be read is told, and the last good one stays", async () => {
  const problem = { field: "dataset.formula", code: "formula_expected", message: "…", position: 3 };
  refusal = { problems: [{ field: "features", message: "other" }, problem], message: "refused" };
  await type({ text: "x1+" });
  assert.deepEqual(intents, []);
  assert.deepEqual(store.get().dataCard, { ...dataAtFirst, typed: "x1+", problem });
});

test("while typing goes on only the newest text is asked about", async () => {
  await Promise.all([type({ text: "x" }), type({ text: "x1" })]);
  assert.deepEqual(asked, ["x1"]);
});

test("a server that cannot be reached is told in its own words", async () => {
  refusal = { message: "no connection" };
  await type({ text: "x1" });
  assert.equal(store.get().dataCard.problem.message, "no connection");
});

test("a law that is still asked about when other settings come does not replace theirs", async () => {
  const typing = type({ text: "x1 + x2" });
  store.set({ dataCard: dataAtFirst });
  await typing;
  assert.deepEqual(intents, []);
});
