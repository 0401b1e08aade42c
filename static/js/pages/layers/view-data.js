/** What the table of the layers shows, and the sentence above it. */

import { hasCollapsed } from "../../core/collapse.js";
import { formatCount, formatPower } from "../../core/format.js";
import { findingOf, roughly } from "../../core/gradient-report.js";
import { calmLimit, largestSize } from "../../core/histogram.js";
import { memoizeLast } from "../../core/memoize.js";
import { haveSameShape, isFinal } from "../../state/selectors.js";
import { layerRows } from "./layer-rows.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("./layer-rows.js").LayerRow} LayerRow
 * @typedef {import("../../state/run-events.js").LayerGradients} LayerGradients
 */

/**
 * @param {readonly LayerRow[]} rows
 * @param {readonly LayerGradients[]} gradients
 * @returns {{norm: number | null}[]} of the layers that multiply
 */
function normsOf(rows, gradients) {
  const dense = new Set(rows.filter((row) => row.part !== null && !row.isNormalization).map(({ layer }) => layer));
  return gradients.filter(({ layer }) => dense.has(layer)).map(({ gradient_norm }) => ({ norm: gradient_norm }));
}

/**
 * @param {readonly LayerRow[]} rows
 * @param {readonly LayerGradients[]} gradients
 * @param {import("../../i18n/i18n.js").Translator} translator
 * @returns {string} which layers with ReLU have units that pass nothing on
 */
function deadSentence(rows, gradients, { t }) {
  const relu = rows.filter(({ isRelu }) => isRelu);
  const found = relu.flatMap(({ layer, name }) => {
    const entry = gradients.find((each) => each.layer === layer);
    return entry?.dead_units ? [t("layers.dead.in", { layer: name, dead: entry.dead_units, units: entry.units })] : [];
  });
  return found.length ? t("layers.dead", { list: found.join(", ") }) : "";
}

/**
 * @param {import("../../core/gradient-report.js").Finding} finding
 * @param {import("../../i18n/i18n.js").Translator} translator
 * @returns {string}
 */
function findingSentence(finding, { t, language }) {
  if (finding.kind === "exploding") {
    const norm = Number.isFinite(finding.norm) ? formatPower(finding.norm, language) : "∞";
    return t("layers.finding.exploding", { norm });
  }
  if (finding.kind !== "vanishing") return t(`layers.finding.${finding.kind}`);
  if (!Number.isFinite(finding.times)) return t("layers.finding.cut_off");
  return t("layers.finding.vanishing", { times: formatCount(roughly(finding.times), language) });
}

const rowsOf = memoizeLast(layerRows);

const totalsOf = memoizeLast((/** @type {readonly LayerRow[]} */ rows) => ({
  parameters: rows.reduce((sum, row) => sum + row.parameters, 0),
  trainable: rows.reduce((sum, row) => sum + row.trainable, 0),
}));

/** @param {PageState} state @param {readonly LayerRow[]} rows @param {readonly LayerGradients[] | null} gradients */
function sentenceOf({ translator, spec, picture, inside, run }, rows, gradients) {
  const { t } = translator;
  if (hasCollapsed(picture, spec.regularization)) return { kind: "collapsed", text: t("layers.collapsed") };
  if (!inside.isWatching) return { kind: "hint", text: t("layers.hint") };
  if (!gradients) return { kind: "hint", text: t(isFinal(run) ? "layers.watch.ended" : "layers.watch.waiting") };
  const finding = findingOf(normsOf(rows, gradients));
  const dead = deadSentence(rows, gradients, translator);
  const kind = finding.kind === "fine" && dead === "" ? "fine" : "trouble";
  return { kind, text: [findingSentence(finding, translator), dead].filter(Boolean).join(" ") };
}

/**
 * @param {import("../../core/weights.js").LayerWeights[] | null} layers
 * @returns {Float32Array[]} all numbers that have a place in a histogram
 */
function shownNumbers(layers) {
  return (layers ?? []).flatMap(({ kernel, bias, normalization, units }) =>
    normalization ? [kernel, bias, normalization.subarray(0, 2 * units)] : [kernel, bias],
  );
}

/** The borders of the weights' histograms depend on what they were before: each page has its own. */
export function createLayersData() {
  /** @type {number | null} */
  let limit = null;
  let limitOf = "";
  const newLimit = memoizeLast((/** @type {PageState["picture"]} */ picture) => {
    if (picture?.runId !== limitOf) limit = null;
    limitOf = picture?.runId ?? "";
    limit = calmLimit(largestSize(shownNumbers(picture?.layers ?? null)), limit);
    return limit;
  });

  /** @param {PageState} state */
  return (state) => {
    const { translator, palette, datasets, spec, picture, run, inside } = state;
    const rows = rowsOf(datasets, spec, translator);
    const isCurrent = picture !== null && haveSameShape(datasets, picture.spec, spec);
    const gradients = inside.isWatching && run && haveSameShape(datasets, run.spec, spec) ? run.gradients : null;
    const sentence = sentenceOf({ ...state, picture: isCurrent ? picture : null }, rows, gradients?.layers ?? null);
    return {
      translator,
      palette,
      rows,
      totals: totalsOf(rows),
      weights: isCurrent ? picture.layers : null,
      limit: newLimit(picture),
      gradients: gradients?.layers ?? null,
      isWatching: inside.isWatching,
      sentence: sentence.text,
      sentenceKind: sentence.kind,
    };
  };
}
