/** The page's state as each view wants it. What did not change is the same object, so that views can skip it. */

import { features, getFeature } from "../core/features.js";
import { featureGrid } from "../core/grid.js";
import { memoizeLast } from "../core/memoize.js";
import { learningRateSteps, regularizationRateSteps, speedSteps, stepsWithin } from "../core/rates.js";
import { countWeights } from "../core/weights.js";
import { canPause, haveSameShape, isTraining, problemOf, runsAhead, statusKey } from "../state/selectors.js";
import { networkShape } from "../state/spec.js";

/** @typedef {import("./page-state.js").PageState} PageState */

const learningRatesOf = memoizeLast((/** @type {{minimum: number, maximum: number}} */ limits) =>
  stepsWithin(learningRateSteps, limits),
);
const penaltyRatesOf = memoizeLast((/** @type {{minimum: number, maximum: number}} */ limits) =>
  stepsWithin(regularizationRateSteps, limits),
);
const problemsOf = memoizeLast((/** @type {PageState["datasets"]} */ datasets) => [
  ...new Set(datasets.map((entry) => entry.problem)),
]);
const unitsOf = memoizeLast((/** @type {PageState["spec"]["layers"]} */ layers) => layers.map((layer) => layer.units));
const featurePicture = memoizeLast((/** @type {string} */ name, /** @type {number} */ size) => featureGrid(name, size));

const thumbnailsOf = memoizeLast(
  (
    /** @type {PageState["datasets"]} */ datasets,
    /** @type {string} */ problem,
    /** @type {PageState["thumbnails"]} */ thumbnails,
    /** @type {PageState["translator"]} */ translator,
  ) =>
    datasets
      .filter((entry) => entry.problem === problem)
      .map(({ name, title }) => ({
        name,
        title: translator.orElse(`dataset.${name}`, title),
        samples: thumbnails[name] ?? null,
      })),
);

/** @param {PageState} state */
const isClassification = ({ datasets, spec }) => problemOf(datasets, spec.dataset.name) === "classification";

/** @param {PageState} state */
export function specControlsData({ translator, offer, datasets, spec, penalty, activation, speed }) {
  return {
    translator,
    offer,
    learningRates: learningRatesOf(offer.learningRate),
    penaltyRates: penaltyRatesOf(offer.penaltyRate),
    speeds: speedSteps,
    problems: problemsOf(datasets),
    problem: problemOf(datasets, spec.dataset.name),
    spec,
    activation,
    penaltyKind: penalty.kind,
    penaltyRate: penalty.rate,
    speed,
  };
}

/** @param {PageState} state */
export function datasetPickerData(state) {
  const { datasets, spec, thumbnails, translator, ramp } = state;
  const problem = problemOf(datasets, spec.dataset.name);
  return {
    thumbnails: thumbnailsOf(datasets, problem, thumbnails, translator),
    chosen: spec.dataset.name,
    isClassification: isClassification(state),
    ramp,
  };
}

/** @param {PageState} state */
export function runNumbersData(state) {
  const { translator, run } = state;
  const metrics = run?.metrics ?? {};
  return {
    translator,
    epoch: run?.epoch ?? 0,
    loss: metrics.loss ?? null,
    valLoss: metrics.val_loss ?? null,
    valAccuracy: metrics.val_accuracy ?? null,
    hasAccuracy: isClassification(state),
    sentence: statusKey(state),
    isInLine: typeof run?.position === "number",
    ahead: runsAhead(run),
    status: state.isCreating ? "loading" : (run?.status ?? "loading"),
  };
}

/** @param {PageState} state */
export function runControlsData({ translator, run, trouble }) {
  return { translator, offersPause: canPause(run), isReady: run !== null || trouble !== null };
}

/** @param {PageState} state */
export function networkDiagramData({
  translator,
  spec,
  offer,
  picture,
  ramp,
  display,
  run,
  pointed,
  pinned,
  isWaiting,
}) {
  const isCurrent = picture !== null && haveSameShape(picture.spec, spec);
  return {
    translator,
    chosen: spec.features,
    units: unitsOf(spec.layers),
    offer,
    weightsCount: countWeights(networkShape(spec)),
    weights: isCurrent ? picture.layers : null,
    tiles: isCurrent ? picture.tiles : null,
    tileSize: picture?.tileSize ?? 1,
    ramp,
    isDiscrete: display.isDiscrete,
    // Nothing flows while nobody knows whether the network still learns.
    isTraining: isTraining(run) && !isWaiting,
    focus: pointed ?? pinned,
    pinned,
  };
}

/**
 * @param {PageState} state
 * @param {{layer: number, unit: number} | null} focus
 * @returns {string} "" for none
 */
function unitName({ translator, spec }, focus) {
  if (!focus) return "";
  if (focus.layer >= spec.layers.length) return translator.t("unit.final");
  return translator.t("unit.name", { unit: focus.unit + 1, layer: focus.layer + 1 });
}

/** @param {PageState} state */
export function outputPictureData(state) {
  const { translator, ramp, picture, samples, display, feature } = state;
  const isFinalUnit = !picture?.focus || picture.focus.layer === picture.tiles.length - 1;
  return {
    translator,
    ramp,
    grid: feature && picture ? featurePicture(feature, picture.size) : (picture?.large ?? null),
    size: picture?.size ?? 1,
    samples,
    isClassification: isClassification(state),
    showsTestData: display.showsTestData,
    isDiscrete: display.isDiscrete,
    unitName: feature ? getFeature(feature).label : isFinalUnit ? "" : unitName(state, picture?.focus ?? null),
  };
}

const sourcesOf = memoizeLast(
  (
    /** @type {string[]} */ chosen,
    /** @type {PageState["spec"]["layers"]} */ layers,
    /** @type {number} */ layer,
    /** @type {PageState["translator"]} */ translator,
  ) =>
    layer === 0
      ? features.filter(({ name }) => chosen.includes(name)).map(({ label }) => label)
      : Array.from({ length: layers[layer - 1]?.units ?? 0 }, (_unused, unit) =>
          translator.t("unit.short", { unit: unit + 1 }),
        ),
);

const finalUnitOf = memoizeLast((/** @type {PageState["spec"]["layers"]} */ layers) => ({
  layer: layers.length,
  unit: 0,
}));

/** @param {PageState} state */
export function unitCardData(state) {
  const { translator, spec, picture, pointed, pinned } = state;
  const focus = pointed ?? pinned ?? finalUnitOf(spec.layers);
  const isCurrent = picture !== null && haveSameShape(picture.spec, spec);
  const final = isClassification(state) ? "sigmoid" : "linear";
  const activation = spec.layers[focus.layer]?.activation ?? final;
  return {
    translator,
    focus,
    isPointed: (pointed ?? pinned) !== null,
    name: unitName(state, focus),
    sources: sourcesOf(spec.features, spec.layers, focus.layer, translator),
    activation: translator.orElse(`activation.${activation}`, activation),
    weights: isCurrent ? picture.layers : null,
  };
}

/** @param {PageState} state */
export function metricPlotData({ translator, run, display, palette }) {
  return {
    translator,
    columns: run?.history ?? emptyColumns,
    isLogarithmic: display.isLogarithmic,
    colors: palette.plot,
  };
}
const emptyColumns = { epoch: [], loss: [], val_loss: [] };

/**
 * @param {PageState} state
 * @param {(runId: string) => string} exportUrl
 */
export function selfCheckData({ translator, check, failure, run }, exportUrl) {
  return { translator, check, failure, exportUrl: run ? exportUrl(run.runId) : null };
}

const noticeOf = memoizeLast(
  (
    /** @type {PageState["trouble"]} */ trouble,
    /** @type {string | null} */ reasonCode,
    /** @type {PageState["translator"]} */ translator,
  ) => {
    const { t } = translator;
    if (trouble) {
      const text = trouble.status === 0 ? t("notice.unreachable") : trouble.message;
      return {
        text,
        problems: trouble.problems.map(({ message }) => message),
        act: { label: t("notice.retry"), intent: "reset" },
      };
    }
    if (!reasonCode) return null;
    const act =
      reasonCode === "diverged"
        ? { label: t("notice.calmer"), intent: "calmer" }
        : { label: t("notice.new_run"), intent: "reset" };
    return { text: t(`reason.${reasonCode}`), problems: [], act };
  },
);

/** @param {PageState} state */
export function noticeData({ trouble, run, dismissed, isWaiting, isCreating, translator }) {
  const hasFailed = run?.status === "failed" && dismissed !== run.runId && !isCreating;
  const reasonCode = hasFailed ? (run.reasonCode ?? "internal_error") : null;
  return { notice: noticeOf(trouble, reasonCode, translator), isWaiting };
}
