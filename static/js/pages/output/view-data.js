/** What the large picture and the badge below it show. */

import { contributions, kinksOf, rangeOf } from "../../core/curve.js";
import { getFeature } from "../../core/features.js";
import { curveDomain, curveInputs, featureGrid } from "../../core/grid.js";
import { memoizeLast } from "../../core/memoize.js";
import { classesOf } from "../../state/datasets.js";
import { hiddenLayers } from "../../state/hidden-layers.js";
import { layingOf } from "../data/view-data.js";
import { unitName } from "../network/view-data.js";
import { createScaledPaint, paintOf } from "./paint.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../page-state.js").ShownPicture} ShownPicture
 * @typedef {import("../../views/curve-picture.js").CurveDrawing} CurveDrawing
 * @typedef {import("../../views/sample-dots.js").Paint} Paint
 */

/** @type {readonly Float32Array[]} */
const nothing = Object.freeze([]);
/** @type {readonly number[]} */
const noKinks = Object.freeze([]);
/** @type {readonly number[][]} */
const noPoints = Object.freeze([]);

const featurePicture = memoizeLast(
  (/** @type {string} */ name, /** @type {string} */ kind, /** @type {number} */ size, /** @type {any} */ dataset) => [
    kind === "curve" ? curveInputs([name], size, curveDomain(dataset)) : featureGrid(name, size),
  ],
);

/** @param {ShownPicture} picture @returns {boolean} the network's answer is shown, not a hidden unit's */
const showsAnswer = ({ focus, tiles }) => focus === null || focus.layer === tiles.length - 1;

/** @param {ShownPicture} picture @returns {{hinges: readonly Float32Array[], kinks: readonly number[]}} */
function partsOf({ tiles, layers, spec }) {
  const units = tiles.at(-2);
  const final = layers?.at(-1);
  if (!units || !final) return { hinges: nothing, kinks: noKinks };
  const kinks = hiddenLayers(spec).flatMap(({ activation, isNormalized }, layer) =>
    activation === "relu" && !isNormalized ? kinksOf(tiles[layer]) : [],
  );
  return { hinges: contributions(units, final.kernel), kinks };
}

const samplesRange = memoizeLast((/** @type {NonNullable<PageState["samples"]>} */ { train, val }) =>
  rangeOf([train.labels, val.labels]),
);

const curveDrawing = memoizeLast(
  (
    /** @type {ShownPicture} */ picture,
    /** @type {readonly Float32Array[]} */ grids,
    /** @type {boolean} */ isAnswer,
    /** @type {PageState["samples"]} */ samples,
    /** @type {Paint} */ paint,
    /** @type {PageState["palette"]["curve"]} */ inks,
    /** @type {string} */ language,
  ) => {
    const { hinges, kinks } = isAnswer ? partsOf(picture) : { hinges: nothing, kinks: noKinks };
    const range = isAnswer && samples ? samplesRange(samples) : rangeOf(grids);
    const domain = curveDomain(picture.spec.dataset);
    const residualsTo = isAnswer && samples ? samples.train : null;
    return { answer: grids[0], hinges, kinks, domain, range, residualsTo, paint, inks, language };
  },
);

const scaledPaint = createScaledPaint();

/** Samples of other data are not drawn on a picture. @param {PageState["samples"]} samples @param {string} kind */
function fitting(samples, kind) {
  return samples?.train.features[0]?.length === (kind === "curve" ? 1 : 2) ? samples : null;
}

/** @param {PageState} state */
export function outputPictureData(state) {
  const { translator, ramp, palette, picture, datasets, spec, display, feature } = state;
  const kind = picture?.kind ?? "plane";
  const samples = fitting(state.samples, kind);
  const plainPaint = paintOf(ramp, palette, classesOf(datasets, (picture?.spec ?? spec).dataset));
  const paint = scaledPaint(plainPaint, kind === "plane" ? (samples?.train.labels ?? null) : null);
  const { isLaying, label } = layingOf(state);
  const isAnswer = feature === null && (picture === null || showsAnswer(picture));
  const grids = picture ? gridsOf(picture, feature) : nothing;
  return {
    translator,
    paint,
    kind,
    grids,
    size: picture?.size ?? 1,
    curve:
      picture && kind === "curve"
        ? curveDrawing(picture, grids, isAnswer, samples, paint, palette.curve, translator.language)
        : null,
    samples: kind === "curve" && !isAnswer ? null : samples,
    showsTestData: display.showsTestData,
    isDiscrete: display.isDiscrete,
    unitName: feature ? getFeature(feature).label : isAnswer ? "" : unitName(state, picture?.focus ?? null),
    points: spec.dataset.points ?? noPoints,
    laying: isLaying ? label : null,
    // Marks belong to the list that is on the screen.
    marked: state.panel === "quality" ? state.quality.marked : null,
  };
}

/** @param {ShownPicture} picture @param {string | null} feature that is pointed at */
function gridsOf({ kind, size, large, spec }, feature) {
  return feature ? featurePicture(feature, kind, size, spec.dataset) : large;
}

/**
 * @param {PageState} state
 * @param {(runId: string) => string} exportUrl
 */
export function selfCheckData({ translator, check, failure, run }, exportUrl) {
  return { translator, check, failure, exportUrl: run ? exportUrl(run.runId) : null };
}
