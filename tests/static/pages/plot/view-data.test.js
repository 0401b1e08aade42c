import assert from "node:assert/strict";
import { test } from "node:test";
import { createTranslator } from "../../../../static/js/i18n/i18n.js";
import { plotAtFirst } from "../../../../static/js/pages/plot/slice.js";
import { metricPlotData, plotControlsData } from "../../../../static/js/pages/plot/view-data.js";
import { runsAtFirst } from "../../../../static/js/pages/runs/slice.js";
import { withRun } from "../../../../static/js/state/kept-runs.js";
import { openRun } from "../../../../static/js/state/run-reducer.js";
import { makeAnswer, makeColumns, makeSpec } from "../../builders.js";

const translator = createTranslator("en", { "dataset.circle": "Circle", "activation.tanh": "Tanh" });
const datasets = [
  { name: "circle", title: "Circle", problem: "classification", samples: 500 },
  { name: "plane", title: "Plane", problem: "regression", samples: 500 },
];
const run = openRun(makeAnswer({ run_id: "now", epoch: 4 }), {
  ...makeColumns(1, 4),
  accuracy: [0.5, 0.6, 0.7, 0.8],
  val_accuracy: [0.4, 0.5, 0.6, 0.7],
});
const other = openRun(makeAnswer({ run_id: "older", epoch: 2000 }), makeColumns(1, 2000));

/** @param {Record<string, any>} change @returns {any} */
const makeState = (change = {}) => ({
  translator,
  datasets,
  run,
  spec: makeSpec(),
  display: { isLogarithmic: true },
  palette: { plot: {} },
  plot: plotAtFirst,
  runs: runsAtFirst,
  timeMachine: { shownEpoch: null },
  ...change,
});
const pinnedThen = { kept: withRun([], "older", { madeAt: 0, isTrained: true, pin: 1 }), others: { older: other } };

test("the plot shows the loss of the run, on a logarithmic scale if that is wanted", () => {
  const { epochs, training, test: held, isLogarithmic, smoothTraining } = metricPlotData(makeState());
  assert.deepEqual([epochs, training, held], [run.history.epoch, run.history.loss, run.history.val_loss]);
  assert.equal(isLogarithmic, true);
  assert.equal(smoothTraining, training, "nothing is smoothed at first");
});

test("the accuracy is shown when it is chosen, on a plain scale", () => {
  const data = metricPlotData(makeState({ plot: { ...plotAtFirst, metric: "accuracy" } }));
  assert.deepEqual([data.metric, data.training, data.isLogarithmic], ["accuracy", run.history.accuracy, false]);
});

test("numbers have no accuracy: the loss is shown, and the choice is not offered", () => {
  const regression = openRun(
    makeAnswer({ spec: makeSpec({ dataset: { ...makeSpec().dataset, name: "plane" } }) }),
    makeColumns(1, 3),
  );
  const state = makeState({ run: regression, plot: { ...plotAtFirst, metric: "accuracy" } });
  assert.equal(metricPlotData(state).metric, "loss");
  assert.deepEqual([plotControlsData(state).metric, plotControlsData(state).hasAccuracy], ["loss", false]);
});

test("without a run there is an empty plot", () => {
  const { epochs, training, pinned, gap } = metricPlotData(makeState({ run: null }));
  assert.deepEqual([epochs, training, pinned, gap], [[], [], [], null]);
});

test("smoothing keeps the raw line", () => {
  const data = metricPlotData(makeState({ plot: { ...plotAtFirst, smoothing: 0.9 } }));
  assert.equal(data.training, run.history.loss);
  assert.notDeepEqual(data.smoothTraining, data.training);
  assert.equal(data.isSmoothed, true);
});

test("a loss that became no number is told with its epoch", () => {
  const diverged = openRun(makeAnswer(), { epoch: [1, 2, 3], loss: [1, 5, null], val_loss: [1, 5, null] });
  assert.deepEqual(metricPlotData(makeState({ run: diverged })).gap, { from: 3, to: null });
});

test("a pinned run lies beside the present one, thinned, with its letter and its name", () => {
  const [curve, ...more] = metricPlotData(makeState({ runs: { ...runsAtFirst, ...pinnedThen } })).pinned;
  assert.deepEqual([curve.letter, curve.place, curve.name, more.length], ["B", 1, "Circle · 4-2 Tanh · 0.03", 0]);
  assert.ok(curve.epochs.length <= 402 && curve.epochs.at(-1) === 2000);
  assert.equal(curve.training.length, curve.epochs.length);
});

test("the present run is not drawn twice when it is pinned", () => {
  const kept = withRun([], "now", { madeAt: 0, pin: 0 });
  const state = makeState({ runs: { ...runsAtFirst, kept, others: { now: other } } });
  assert.deepEqual(metricPlotData(state).pinned, []);
  assert.equal(plotControlsData(state).isPinned, true);
});

test("an epoch more leaves the pinned curves the same object, so that nothing is drawn in vain", () => {
  const runs = { ...runsAtFirst, ...pinnedThen };
  const longer = { ...run, epoch: 5 };
  assert.equal(metricPlotData(makeState({ runs })).pinned, metricPlotData(makeState({ runs, run: longer })).pinned);
});

test("the moment of the time machine is marked", () => {
  assert.equal(metricPlotData(makeState({ timeMachine: { shownEpoch: 3 } })).shownEpoch, 3);
});
