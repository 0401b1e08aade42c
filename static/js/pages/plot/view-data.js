/** What the curve shows. */

import { memoizeLast } from "../../core/memoize.js";
import { firstGap, smooth } from "../../core/smoothing.js";
import { thinColumns } from "../../core/thinning.js";
import { problemOf } from "../../state/datasets.js";
import { pinnedRuns } from "../../state/kept-runs.js";
import { nameOfRun, pinLetters } from "../runs/run-name.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../core/smoothing.js").Column} Column
 * @typedef {"loss" | "accuracy"} Metric
 */

/**
 * @typedef {object} PinnedCurve
 * @property {number} place decides the colour
 * @property {string} letter
 * @property {string} name
 * @property {Column} epochs
 * @property {Column} training
 * @property {Column} test
 */

/** Rows of a curve beside the present one: they are drawn anew in each frame. */
const pinnedRows = 400;

const noColumn = Object.freeze(/** @type {null[]} */ ([]));
/** @type {import("../../state/run-events.js").MetricColumns} */
const noColumns = { epoch: [], loss: [], val_loss: [] };

/** Whether what is shown, or else what is chosen, has classes. @param {PageState} state */
function hasClasses({ datasets, run, spec }) {
  return problemOf(datasets, (run ?? { spec }).spec.dataset.name) === "classification";
}

/** @param {PageState} state @returns {Metric} */
function shownMetric(state) {
  return hasClasses(state) ? state.plot.metric : "loss";
}

const smoothTraining = memoizeLast(smooth);
const smoothTest = memoizeLast(smooth);
const gapOf = memoizeLast(firstGap);

const pinnedCurves = memoizeLast(
  (
    /** @type {PageState["runs"]["kept"]} */ kept,
    /** @type {PageState["runs"]["others"]} */ others,
    /** @type {string | undefined} */ presentId,
    /** @type {Metric} */ metric,
    /** @type {number} */ smoothing,
    /** @type {PageState["translator"]} */ translator,
  ) =>
    pinnedRuns(kept)
      .filter(({ runId }) => runId !== presentId && others[runId])
      .map((each) => {
        const { runId, pin } = each;
        const columns = thinColumns(others[runId].history, pinnedRows);
        const place = pin ?? 0;
        return {
          place,
          letter: pinLetters[place],
          name: nameOfRun(each, others[runId], translator),
          epochs: columns.epoch,
          training: smooth(columns[metric] ?? noColumn, smoothing),
          test: smooth(columns[`val_${metric}`] ?? noColumn, smoothing),
        };
      }),
);

/** @param {PageState} state */
export function metricPlotData(state) {
  const { translator, run, display, palette, plot, runs, timeMachine } = state;
  const metric = shownMetric(state);
  const columns = run?.history ?? noColumns;
  const training = columns[metric] ?? noColumn;
  const test = columns[`val_${metric}`] ?? noColumn;
  return {
    translator,
    metric,
    isLogarithmic: display.isLogarithmic && metric === "loss",
    hasLogEpochs: plot.hasLogEpochs,
    isSmoothed: plot.smoothing > 0,
    colors: palette.plot,
    epochs: columns.epoch,
    training,
    test,
    smoothTraining: smoothTraining(training, plot.smoothing),
    smoothTest: smoothTest(test, plot.smoothing),
    pinned: pinnedCurves(runs.kept, runs.others, run?.runId, metric, plot.smoothing, translator),
    gap: gapOf(columns.epoch, columns.loss ?? noColumn),
    shownEpoch: timeMachine.shownEpoch ?? null,
  };
}

/** @param {PageState} state */
export function plotControlsData(state) {
  const { translator, run, display, plot, runs } = state;
  return {
    translator,
    metric: shownMetric(state),
    hasAccuracy: hasClasses(state),
    isLogarithmic: display.isLogarithmic,
    hasLogEpochs: plot.hasLogEpochs,
    smoothing: plot.smoothing,
    isPinned: runs.kept.some(({ runId, pin }) => runId === run?.runId && pin !== null),
    canPin: run !== null,
  };
}
