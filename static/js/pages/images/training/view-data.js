/** What the settings of learning, the progress and the curve show. */

import { formatCount, formatShare } from "../../../core/format.js";
import { memoizeLast } from "../../../core/memoize.js";
import { learningRateSteps, placeAmong, stepsWithin } from "../../../core/rates.js";
import { firstGap } from "../../../core/smoothing.js";
import { earlierRunOf } from "../../../state/earlier-run.js";
import { isFinal, isTraining } from "../../../state/selectors.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("../../../core/smoothing.js").Column} Column
 */

/** Good sizes of a batch. */
const batchSizes = Object.freeze([8, 16, 32, 64, 128, 256]);

const stepsOf = memoizeLast((/** @type {ImagesState["offer"]} */ offer) =>
  stepsWithin(learningRateSteps, offer.learningRate),
);

/** @param {ImagesState} state */
export function learningData({ translator, offer, spec }) {
  const { learning_rate: rate, name } = spec.optimizer;
  const learningRates = stepsOf(offer);
  return {
    translator,
    learningRates,
    learningRate: rate,
    learningRatePlace: placeAmong(learningRates, rate),
    optimizers: offer.optimizers,
    optimizer: name,
    batchSizes,
    batchSize: spec.batch_size,
    epochs: spec.epochs,
    epochLimits: offer.learning.epochs,
    seed: spec.seed,
    seedLimits: offer.learning.seed,
  };
}

/** Seconds as people say them. @param {number} seconds @param {ImagesState["translator"]} translator */
export function formatDuration(seconds, { t, language }) {
  if (seconds < 60) return t("images.seconds", { count: Math.max(1, Math.round(seconds)) });
  if (seconds < 5400) return t("images.minutes", { count: Math.round(seconds / 60) });
  return t("images.hours", { hours: formatCount(Math.round(seconds / 3600), language) });
}

/** @param {ImagesState} state @returns {number} epochs the run will have had, 0 when nobody set an end */
const epochsOf = ({ run, spec }) => run?.spec.epochs ?? spec.epochs ?? 0;

/** @param {ImagesState} state */
export function epochProgressData(state) {
  const { translator, run } = state;
  const { t, language } = translator;
  const total = epochsOf(state);
  if (run?.progress?.phase === "embedding" && run.epoch === 0 && !isFinal(run))
    return embeddingData(run.progress, translator);
  const progress = isTraining(run) ? (run?.progress ?? null) : null;
  const done = (run?.epoch ?? 0) + (progress ? within(progress) : 0);
  const share = total > 0 ? Math.min(1, done / total) : 0;
  if (run === null || (run.epoch === 0 && !isTraining(run))) return { share: 0, text: "" };
  const numbers = {
    epoch: formatCount(Math.max(run.epoch, progress?.epoch ?? 0), language),
    total: formatCount(total, language),
  };
  const words = [t(total ? "images.progress.epochs" : "images.progress.epoch", numbers)];
  if (progress) words.push(...withinEpoch(progress, state));
  return { share: isFinal(run) && run.status === "finished" ? 1 : share, text: words.join(" · ") };
}

/**
 * A base looks at the pictures before the first epoch.
 * @param {import("../../../state/run-events.js").ProgressData} progress
 * @param {ImagesState["translator"]} translator
 */
function embeddingData({ batch, batches, remaining_s: rest }, { t, language, ...others }) {
  if (batch >= batches) return { share: 0, text: "" };
  const numbers = { batch: formatCount(batch, language), batches: formatCount(batches, language) };
  const words = [t("images.progress.embedding", numbers)];
  if (typeof rest === "number")
    words.push(t("images.progress.left_embedding", { time: formatDuration(rest, { t, language, ...others }) }));
  return { share: batch / Math.max(1, batches), text: words.join(" · ") };
}

/** @param {import("../../../state/run-events.js").ProgressData} progress @returns {number} share of the epoch */
const within = ({ phase, batch, batches }) =>
  phase === "measuring" ? 0.99 : Math.min(0.99, batch / Math.max(1, batches));

/** @param {import("../../../state/run-events.js").ProgressData} progress @param {ImagesState} state */
function withinEpoch({ epoch, phase, batch, batches, remaining_s: rest }, state) {
  const { t, language } = state.translator;
  const numbers = { batch: formatCount(batch, language), batches: formatCount(batches, language) };
  const doing = phase === "measuring" ? t("images.progress.measuring") : t("images.progress.batches", numbers);
  const isTimed = typeof rest === "number" && Number.isFinite(rest);
  const all = isTimed ? restOfRun(state, epoch, rest) : null;
  const left = (/** @type {string} */ key, /** @type {number} */ seconds) =>
    t(key, { time: formatDuration(seconds, state.translator) });
  return [
    doing,
    ...(isTimed ? [left("images.progress.left", rest)] : []),
    ...(all === null ? [] : [left("images.progress.left_all", all)]),
  ];
}

/**
 * @param {ImagesState} state
 * @param {number} epoch that is being trained
 * @param {number} rest seconds of it
 * @returns {number | null} seconds until the run ends
 */
function restOfRun(state, epoch, rest) {
  const total = epochsOf(state);
  const { progress } = state.run ?? {};
  if (progress?.phase !== "training" || total <= epoch) return null;
  const open = 1 - progress.batch / Math.max(1, progress.batches);
  return open > 0.02 ? rest + (rest / open) * (total - epoch) : null;
}

const nothing = Object.freeze(/** @type {never[]} */ ([]));
const gapOf = memoizeLast(firstGap);

/** Columns on one axis: of each epoch, and of the moments between them, where a line of epochs just goes on. */
const mergedColumns = memoizeLast(
  (
    /** @type {import("../../../state/run-events.js").MetricColumns | null} */ history,
    /** @type {import("../../../state/run-events.js").MetricColumns | null} */ batches,
    /** @type {"loss" | "accuracy"} */ metric,
  ) => {
    const rows = (/** @type {any} */ columns, /** @type {string[]} */ ...names) =>
      (columns?.epoch ?? []).map((/** @type {number} */ epoch, /** @type {number} */ row) => [
        epoch,
        ...names.map((name) => (name ? columns[name]?.[row] : undefined)),
      ]);
    const all = [...rows(history, metric, `val_${metric}`, ""), ...rows(batches, "", "", metric)];
    all.sort(([one], [other]) => one - other);
    const column = (/** @type {number} */ place) => all.map((row) => row[place]);
    return { epochs: column(0), training: column(1), test: column(2), within: column(3) };
  },
);

const earlierCurves = memoizeLast(
  (
    /** @type {import("../../../state/earlier-run.js").EarlierRun} */ { history, processor_minutes: minutes },
    /** @type {"loss" | "accuracy"} */ metric,
    /** @type {ImagesState["translator"]} */ translator,
  ) => {
    const { t, language } = translator;
    const numbers = {
      accuracy: formatShare(history.val_accuracy.at(-1), language),
      epochs: formatCount(history.epoch.length, language),
      time: formatDuration(60 * minutes, translator),
    };
    const name = t("images.plot.earlier_told", numbers);
    return [
      { place: 0, letter: "A", name, epochs: history.epoch, training: history[metric], test: history[`val_${metric}`] },
    ];
  },
);

/** @param {ImagesState} state */
function pinnedCurves({ networks, spec, training, translator }) {
  const { earlier, showsEarlier, metric } = training;
  if (!earlier || !showsEarlier || earlierRunOf(networks, spec) === null) return nothing;
  return earlierCurves(earlier, metric, translator);
}

/** Points of more epochs than this would hide their line. */
const mostPoints = 30;

/** @param {ImagesState} state */
export function imagePlotData(state) {
  const { translator, run, palette, training } = state;
  const { metric } = training;
  const columns = mergedColumns(run?.history ?? null, run?.batches ?? null, metric);
  const hasBatches = (run?.batches.epoch.length ?? 0) > 0;
  return {
    translator,
    metric,
    isLogarithmic: training.isLogarithmic && metric === "loss",
    hasLogEpochs: false,
    isSmoothed: hasBatches,
    hasPoints: (run?.history.epoch.length ?? 0) <= mostPoints,
    colors: palette.plot,
    epochs: columns.epochs,
    training: hasBatches ? columns.within : columns.training,
    test: hasBatches ? nothing : columns.test,
    smoothTraining: columns.training,
    smoothTest: columns.test,
    pinned: pinnedCurves(state),
    gap: gapOf(run?.history.epoch ?? nothing, run?.history.loss ?? nothing),
    shownEpoch: null,
  };
}

/** @param {ImagesState} state */
export function plotChoicesData({ training: { metric, isLogarithmic, showsEarlier }, run, networks, spec }) {
  const hasEarlier = earlierRunOf(networks, spec) !== null;
  return { metric, isLogarithmic, showsEarlier, hasEarlier, hasBatches: (run?.batches.epoch.length ?? 0) > 0 };
}
