import assert from "node:assert/strict";
import { test } from "node:test";
import { createTranslator } from "../../../../static/js/i18n/i18n.js";
import { openQuestions } from "../../../../static/js/pages/runs/run-lookup.js";
import { nameOfRun, nameOfSpec } from "../../../../static/js/pages/runs/run-name.js";
import { settingLabel, settingValue } from "../../../../static/js/pages/runs/setting-text.js";
import { runsAtFirst } from "../../../../static/js/pages/runs/slice.js";
import { runComparisonData, runListData } from "../../../../static/js/pages/runs/view-data.js";
import { withChange, withRun } from "../../../../static/js/state/kept-runs.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { withHiddenLayer } from "../../../../static/js/state/spec.js";
import { makeAnswer, makeColumns, makeSpec } from "../../builders.js";

const translator = createTranslator("en", {
  "dataset.circle": "Circle",
  "activation.tanh": "Tanh",
  "activation.relu": "ReLU",
  "compare.optimizer.learning_rate": "Learning rate",
  "compare.yes": "yes",
  "compare.no": "no",
  "compare.loss.auto": "automatic",
});
const trained = (/** @type {string} */ run_id, change = {}) =>
  openRun(makeAnswer({ run_id, epoch: 3, controls: null, ...change }), makeColumns(1, 3));
const slower = makeSpec({ optimizer: { ...makeSpec().optimizer, learning_rate: 0.001 } });

/** @param {any} kept @param {any} [others] @param {any} [run] @returns {any} */
const makeState = (kept, others = {}, run = trained("now")) => ({
  translator,
  run,
  panel: "runs",
  runs: { ...runsAtFirst, kept, others },
});
const list = ["old", "now"].reduce(
  (kept, runId) => withRun(kept, runId, { madeAt: 5, isTrained: true }),
  /** @type {any[]} */ ([]),
);

test("a run goes by its data, its shape and its learning rate until it has a name", () => {
  assert.equal(nameOfSpec(makeSpec(), translator), "Circle · 4-2 Tanh · 0.03");
  assert.equal(nameOfSpec(makeSpec({ layers: [] }), translator), "Circle · 0.03");
  assert.equal(nameOfSpec(withHiddenLayer(makeSpec(), 0, { activation: "relu" }), translator), "Circle · 4-2 · 0.03");
  assert.equal(nameOfRun({ name: "My best", rates: [] }, undefined, translator), "My best");
  assert.equal(nameOfRun({ name: "", rates: [] }, undefined, translator), "…");
});

const rates = (/** @type {number[]} */ ...all) => all.map((learning_rate) => ({ learning_rate, l1: 0, l2: 0 }));

test("a run goes by the rate its newest epoch was trained with; one that was never seen training, by its controls", () => {
  const controls = { version: 1, learning_rate: 1, l1: 0, l2: 0, speed: 60, paused: true };
  const run = trained("r", { controls });
  assert.equal(nameOfRun({ name: "", rates: [] }, run, translator), "Circle · 4-2 Tanh · 1");
  assert.equal(nameOfRun({ name: "", rates: rates(0.03, 0.1) }, run, translator), "Circle · 4-2 Tanh · 0.1");
});

test("a slider moved after the last epoch does not change what a run is compared by", () => {
  const controls = { version: 1, learning_rate: 0.001, l1: 0, l2: 0, speed: 60, paused: true };
  const kept = withChange(withChange(list, "old", { pin: 0, rates: rates(0.03) }), "now", { rates: rates(0.001) });
  const others = { old: trained("old", { controls }) };
  const { differences } = runComparisonData(makeState(kept, others, trained("now", { spec: slower })));
  assert.deepEqual(
    differences.map(({ label, cells }) => [label, ...cells.map(({ text }) => text)]),
    [["Learning rate", "0.03", "0.001"]],
  );
});

test("a run whose rate changed on the way is like none that had one rate", () => {
  const kept = withChange(list, "old", { pin: 0, rates: rates(0.1, 0.03) });
  const { differences } = runComparisonData(makeState(kept, { old: trained("old") }));
  assert.deepEqual(
    differences.map(({ cells }) => cells.map(({ text }) => text)),
    [["0.1 → 0.03", "0.03"]],
  );
});

test("the list has what is known of each run, the present one as the page has it", () => {
  const { rows } = runListData(makeState(list, { old: trained("old", { status: "stopped", epoch: 90 }) }));
  assert.deepEqual(
    rows.map(({ runId, status, epoch, isPresent }) => [runId, status, epoch, isPresent]),
    [
      ["now", "paused", 3, true],
      ["old", "stopped", 90, false],
    ],
  );
});

test("a run nobody has asked about yet has no status; untrained ones are not listed", () => {
  const kept = withRun(list, "untrained", { madeAt: 9 });
  const { rows } = runListData(makeState(kept));
  assert.deepEqual(
    rows.map(({ runId, status }) => [runId, status]),
    [
      ["now", "paused"],
      ["old", null],
    ],
  );
});

test("two runs that differ only in the learning rate show exactly that row, marked where it is not the present one's", () => {
  const kept = withChange(list, "old", { pin: 0 });
  const { compared, differences, pins } = runComparisonData(makeState(kept, { old: trained("old", { spec: slower }) }));
  assert.deepEqual(
    compared.map(({ letter, isPresent }) => [letter, isPresent]),
    [
      ["A", false],
      [null, true],
    ],
  );
  assert.deepEqual(differences, [
    {
      label: "Learning rate",
      cells: [
        { text: "0.001", isOther: true },
        { text: "0.03", isOther: false },
      ],
    },
  ]);
  assert.equal(pins.length, 1);
});

test("a pinned present run is one column, not two", () => {
  const kept = withChange(withChange(list, "old", { pin: 0 }), "now", { pin: 2 });
  const { compared } = runComparisonData(makeState(kept, { old: trained("old") }));
  assert.deepEqual(
    compared.map(({ letter, isPresent }) => [letter, isPresent]),
    [
      ["A", false],
      ["C", true],
    ],
  );
});

test("the present run being steered is what is compared", () => {
  const kept = withChange(list, "old", { pin: 0 });
  const controls = { version: 1, learning_rate: 0.001, l1: 0, l2: 0, speed: 60, paused: true };
  const state = makeState(kept, { old: trained("old", { spec: slower }) }, trained("now", { controls }));
  assert.deepEqual(runComparisonData(state).differences, []);
});

test("while it trains, the table of differences stays the same object", () => {
  const kept = withChange(list, "old", { pin: 0 });
  const others = { old: trained("old", { spec: slower }) };
  const run = trained("now");
  const before = runComparisonData(makeState(kept, others, run)).differences;
  assert.equal(runComparisonData(makeState(kept, others, { ...run, epoch: 77 })).differences, before);
});

test("nothing pinned, nothing compared", () => {
  assert.deepEqual(runComparisonData(makeState(list)).compared, []);
});

for (const [setting, value, text] of /** @type {[string, any, string][]} */ ([
  ["optimizer.learning_rate", 0.00001, "0.00001"],
  ["dataset.train_fraction", 0.7, "70%"],
  ["optimizer.nesterov", true, "yes"],
  ["optimizer.clip_norm", null, "–"],
  ["layers.activation", "tanh, relu", "Tanh, ReLU"],
  ["layers.units", "", "–"],
  ["features", "x1, x2_squared", "x₁, x₂²"],
  ["features", "of_tomorrow", "of_tomorrow"],
  ["loss", "auto", "automatic"],
  ["dataset.name", "circle", "Circle"],
  ["something.new", "as it is", "as it is"],
])) {
  test(`${setting} ${value} is written ${text}`, () => assert.equal(settingValue(setting, value, translator), text));
}

test("a setting without a name goes by its path", () => {
  assert.equal(settingLabel("optimizer.learning_rate", translator), "Learning rate");
  assert.equal(settingLabel("optimizer.new_thing", translator), "optimizer new thing");
});

test("pinned runs are asked for their curve at once, others when the list is open, each as long as it is unknown", () => {
  const kept = withChange(withRun(list, "pinned", { madeAt: 9, isTrained: true }), "pinned", { pin: 0 });
  const closed = { ...makeState(kept), panel: "quality" };
  assert.deepEqual(openQuestions(closed), [{ runId: "pinned", withHistory: true }]);
  assert.deepEqual(openQuestions(makeState(kept)), [
    { runId: "pinned", withHistory: true },
    { runId: "old", withHistory: false },
  ]);
  const known = { old: trained("old"), pinned: openRun(makeAnswer({ epoch: 9 }), { epoch: [] }) };
  assert.deepEqual(openQuestions(makeState(kept, known)), [{ runId: "pinned", withHistory: true }]);
});
