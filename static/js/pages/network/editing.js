/** Weights and biases set by hand: when it can be done, and how the server calls them. */

import { withNumber } from "../../core/weights.js";
import { hiddenLayers } from "../../state/hidden-layers.js";
import { isFinal, isTraining } from "../../state/selectors.js";

/** @typedef {import("../page-state.js").PageState} PageState */

/**
 * @param {PageState} state
 * @returns {string} key of the sentence why no number can be changed now, "" when it can
 */
export function whyNotEditable({ run, picture, isCreating, timeMachine }) {
  if (timeMachine.shownEpoch !== null) return "edit.past";
  if (run === null || isCreating || picture?.runId !== run.runId) return "edit.waiting";
  return isFinal(run) ? "edit.ended" : "";
}

/**
 * The page counts layers that have units, the server layers of every kind.
 * @param {Pick<PageState["spec"], "layers">} spec
 * @param {{layer: number, unit: number, row: number | null, value: number}} edit
 * @returns {Record<string, unknown>} what a control sets
 */
export function controlOf(spec, { layer, unit, row, value }) {
  const index = hiddenLayers(spec)[layer]?.index ?? spec.layers.length;
  if (row === null) return { bias: { layer: index, unit, value } };
  return { weight: { layer: index, row, unit, value } };
}

/**
 * The drawing answers at once, the picture with the next frame. While the network trains, that comes soon enough.
 * @param {PageState} state
 * @param {{layer: number, unit: number, row: number | null, value: number}} edit
 * @returns {Partial<PageState>}
 */
export function withEdit({ picture, run }, edit) {
  if (!picture?.layers || isTraining(run)) return {};
  return { picture: { ...picture, layers: withNumber(picture.layers, edit) } };
}
