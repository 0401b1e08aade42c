/** What the drawing of the network and the card of a unit show. */

import { features } from "../../core/features.js";
import { memoizeLast } from "../../core/memoize.js";
import { countWeights } from "../../core/weights.js";
import { outputsOf, problemOf } from "../../state/datasets.js";
import { hiddenLayers, weightParts } from "../../state/hidden-layers.js";
import { haveSameShape, isTraining } from "../../state/selectors.js";

/** @typedef {import("../page-state.js").PageState} PageState */

const unitsOf = memoizeLast((/** @type {PageState["spec"]["layers"]} */ layers) =>
  hiddenLayers({ layers }).map(({ units }) => units),
);

/** @param {PageState} state */
export function networkDiagramData({
  translator,
  datasets,
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
  const isCurrent = picture !== null && haveSameShape(datasets, picture.spec, spec);
  return {
    translator,
    chosen: spec.features,
    units: unitsOf(spec.layers),
    offer,
    weightsCount: countWeights(weightParts(spec, outputsOf(datasets, spec.dataset))),
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
export function unitName({ translator, spec }, focus) {
  if (!focus) return "";
  if (focus.layer >= hiddenLayers(spec).length) return translator.t("unit.final");
  return translator.t("unit.name", { unit: focus.unit + 1, layer: focus.layer + 1 });
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
      : Array.from({ length: hiddenLayers({ layers })[layer - 1]?.units ?? 0 }, (_unused, unit) =>
          translator.t("unit.short", { unit: unit + 1 }),
        ),
);

const finalUnitOf = memoizeLast((/** @type {PageState["spec"]["layers"]} */ layers) => ({
  layer: hiddenLayers({ layers }).length,
  unit: 0,
}));

/** @param {PageState} state */
export function unitCardData(state) {
  const { translator, datasets, spec, picture, pointed, pinned } = state;
  const focus = pointed ?? pinned ?? finalUnitOf(spec.layers);
  const isCurrent = picture !== null && haveSameShape(datasets, picture.spec, spec);
  const final = problemOf(state.datasets, spec.dataset.name) === "classification" ? "sigmoid" : "linear";
  const activation = hiddenLayers(spec)[focus.layer]?.activation ?? final;
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
