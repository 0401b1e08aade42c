/** What the drawing of the network and the card of a unit show. */

import { features, getFeature } from "../../core/features.js";
import { curveDomain } from "../../core/grid.js";
import { memoizeLast } from "../../core/memoize.js";
import { subscript } from "../../core/unit-formula.js";
import { countWeights } from "../../core/weights.js";
import { classesOf, finalActivation, kindOf, outputsOf } from "../../state/datasets.js";
import { hiddenLayers, weightParts } from "../../state/hidden-layers.js";
import { haveSameShape, isTraining } from "../../state/selectors.js";
import { createScaledPaint, paintOf } from "../output/paint.js";
import { whyNotEditable } from "./editing.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../page-state.js").UnitKey} UnitKey
 */

const hiddenOf = memoizeLast((/** @type {PageState["spec"]["layers"]} */ layers) => hiddenLayers({ layers }));
const domainOf = memoizeLast((/** @type {PageState["spec"]["dataset"]} */ dataset) => curveDomain(dataset));
const weightsCountOf = memoizeLast((/** @type {PageState["spec"]} */ spec, /** @type {number} */ outputs) =>
  countWeights(weightParts(spec, outputs)),
);
const scaledPaint = createScaledPaint();
const haveSameShapeAsLast = memoizeLast(haveSameShape);

/** Over a line there is one number only. */
const featureNames = Object.freeze({
  plane: features.map(({ name }) => name),
  curve: features.map(({ name }) => name).filter((name) => !name.includes("x2")),
});

/** @param {PageState} state @returns {PageState["picture"]} null while it is of another network than the controls show */
function currentPicture({ datasets, picture, spec }) {
  return picture !== null && haveSameShapeAsLast(datasets, picture.spec, spec) ? picture : null;
}

/** @param {PageState} state */
export function networkDiagramData(state) {
  const { translator, datasets, spec, offer, palette, ramp, display, run, pointed, pinned, isWaiting } = state;
  const kind = /** @type {"plane" | "curve"} */ (kindOf(datasets, spec.dataset.name));
  const outputs = outputsOf(datasets, spec.dataset);
  const picture = currentPicture(state);
  return {
    translator,
    kind,
    domain: domainOf(spec.dataset),
    features: featureNames[kind] ?? featureNames.plane,
    chosen: spec.features,
    hidden: hiddenOf(spec.layers),
    outputs,
    offer,
    hasRoom: spec.layers.length < offer.layers.maximum,
    weightsCount: weightsCountOf(spec, outputs),
    weights: picture?.layers ?? null,
    tiles: picture?.tiles ?? null,
    tileSize: picture?.tileSize ?? 1,
    paint: scaledPaint(paintOf(ramp, palette, classesOf(datasets, spec.dataset)), state.samples?.train.labels ?? null),
    ink: palette.plot.ink,
    isDiscrete: display.isDiscrete,
    // Nothing flows while nobody knows whether the network still learns.
    isTraining: isTraining(run) && !isWaiting,
    whyNot: whyNotEditable(state),
    focus: pointed ?? pinned,
    pinned,
  };
}

/** @param {Pick<PageState, "translator" | "datasets" | "spec">} state @param {UnitKey} key @param {string} end of the text's key: "" for a heading, "_inline" within a sentence */
function nameOf({ translator, datasets, spec }, { layer, unit }, end) {
  if (layer < hiddenOf(spec.layers).length) {
    return translator.t(end ? "unit.inline" : "unit.name", { unit: unit + 1, layer: layer + 1 });
  }
  const isAlone = outputsOf(datasets, spec.dataset) === 1;
  return translator.t(isAlone ? `unit.final${end}` : `unit.class${end}`, { class: unit });
}

/**
 * @param {PageState} state
 * @param {UnitKey | null} focus
 * @returns {string} "" for none
 */
export function unitName(state, focus) {
  return focus ? nameOf(state, focus, "") : "";
}

const sourcesOf = memoizeLast(
  (/** @type {string[]} */ chosen, /** @type {PageState["spec"]["layers"]} */ layers, /** @type {number} */ layer) =>
    layer === 0
      ? chosen.map((name) => getFeature(name).label)
      : Array.from({ length: hiddenOf(layers)[layer - 1]?.units ?? 0 }, (_unused, unit) => `a${subscript(unit + 1)}`),
);

const termNamesOf = memoizeLast(
  (
    /** @type {PageState["translator"]} */ translator,
    /** @type {PageState["datasets"]} */ datasets,
    /** @type {PageState["spec"]} */ spec,
    /** @type {UnitKey} */ { layer, unit },
  ) => {
    const named = (/** @type {UnitKey} */ key) => nameOf({ translator, datasets, spec }, key, "_inline");
    const to = named({ layer, unit });
    const sources = sourcesOf(spec.features, spec.layers, layer);
    const from = (/** @type {number} */ row) => (layer === 0 ? sources[row] : named({ layer: layer - 1, unit: row }));
    const weights = sources.map((_source, row) => translator.t("edit.weight", { from: from(row), to }));
    return [...weights, translator.t("edit.bias", { unit: to })];
  },
);

const finalUnitOf = memoizeLast((/** @type {PageState["spec"]["layers"]} */ layers) => ({
  layer: hiddenOf(layers).length,
  unit: 0,
}));

/**
 * @param {PageState} state
 * @param {UnitKey | null} held the unit whose numbers somebody is changing: the card stays with it
 */
export function unitCardData(state, held) {
  const { translator, datasets, spec, pointed, pinned, run } = state;
  const focus = held ?? pointed ?? pinned ?? finalUnitOf(spec.layers);
  const layer = hiddenOf(spec.layers)[focus.layer];
  return {
    translator,
    focus,
    isPointed: (held ?? pointed ?? pinned) !== null,
    isPinned: pinned !== null,
    name: unitName(state, focus),
    sources: sourcesOf(spec.features, spec.layers, focus.layer),
    termNames: termNamesOf(translator, datasets, spec, focus),
    activation: layer?.activation ?? finalActivation(datasets, spec.dataset),
    isNormalized: layer?.isNormalized ?? false,
    weights: currentPicture(state)?.layers ?? null,
    isTraining: isTraining(run),
    whyNot: whyNotEditable(state),
  };
}
