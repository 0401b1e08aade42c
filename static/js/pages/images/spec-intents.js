/** What each intent makes of the page's state. Pure: the state in, the change out. */

import { augmentationChanges } from "./augmentation/changes.js";
import { builderChanges } from "./builder/changes.js";
import { dataChanges } from "./data/changes.js";
import { trainingChanges } from "./training/changes.js";
import { transferChanges } from "./transfer/changes.js";

/**
 * @typedef {import("./page-state.js").ImagesState} ImagesState
 * @typedef {import("./room.js").StateChange} StateChange
 */

/** @type {import("./room.js").Changes} */
const changes = { ...dataChanges, ...augmentationChanges, ...builderChanges, ...trainingChanges, ...transferChanges };

/**
 * @param {ImagesState} state
 * @param {any} intent of a view: `{type, ...}`, or `{type: "change", name, value}` for a control with one value
 * @returns {StateChange}
 */
export function specChange(state, intent) {
  const isControl = intent.type === "change";
  return changes[isControl ? intent.name : intent.type]?.(state, isControl ? intent.value : intent) ?? {};
}
