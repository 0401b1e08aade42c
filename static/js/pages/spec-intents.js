/** What each intent makes of the page's state. Pure: the state in, the change out. */

import { classesOf } from "../state/datasets.js";
import { withFittingLoss } from "../state/losses.js";
import { haveSameShape } from "../state/selectors.js";
import { controlsChanges } from "./controls/changes.js";
import { dataChanges } from "./data/changes.js";
import { networkChanges } from "./network/changes.js";
import { nothingInFocus } from "./page-state.js";
import { sharingChanges } from "./sharing/changes.js";

/**
 * @typedef {import("./page-state.js").PageState} PageState
 * @typedef {import("./room.js").StateChange} StateChange
 */

/** @type {import("./room.js").Changes} */
const changes = { ...dataChanges, ...networkChanges, ...controlsChanges, ...sharingChanges };

/**
 * @param {PageState} state
 * @param {any} intent of a view: `{type, ...}`, or `{type: "change", name, value}` for a control with one value
 * @returns {StateChange} what the intent changes in the spec and what goes with it
 */
export function specChange(state, intent) {
  const isControl = intent.type === "change";
  const change = changes[isControl ? intent.name : intent.type];
  return change ? withFit(state, change(state, isControl ? intent.value : intent)) : {};
}

/**
 * Other data may have other classes: a loss that does not fit them would be refused, and the final units are others.
 * @param {PageState} state
 * @param {StateChange} changed
 * @returns {StateChange}
 */
function withFit({ spec, datasets }, changed) {
  if (!changed.spec || changed.spec.dataset === spec.dataset) return changed;
  const fitting = withFittingLoss(changed.spec, classesOf(datasets, changed.spec.dataset));
  const isSameNetwork = haveSameShape(datasets, spec, fitting);
  return { ...changed, spec: fitting, ...(isSameNetwork ? {} : nothingInFocus) };
}
