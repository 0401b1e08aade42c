/** Single pieces of the diagram: a feature to switch on, a unit, the buttons above a layer. */

import { getFeature } from "../core/features.js";
import { find, make, makeSvg, setText } from "./elements.js";

/**
 * @typedef {{layer: number, unit: number}} UnitKey
 * @typedef {(intent: UnitIntent) => void} OnIntent
 */

/**
 * @typedef {{type: "toggle_feature", name: string}
 *   | {type: "set_units", layer: number, units: number}
 *   | {type: "point", focus: UnitKey | null, feature: string | null}
 *   | {type: "pin", focus: UnitKey}} UnitIntent
 */

/**
 * @param {"minus" | "plus"} sign
 * @returns {SVGElement}
 */
function signIcon(sign) {
  const icon = makeSvg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  icon.append(makeSvg("path", { d: sign === "plus" ? "M3 8h10M8 3v10" : "M3 8h10" }));
  return icon;
}

/**
 * Pointing with the mouse and moving the keyboard's focus there mean the same.
 * @param {HTMLElement} tile
 * @param {OnIntent} onIntent
 * @param {{focus: UnitKey | null, feature: string | null}} place
 */
function reportPointing(tile, onIntent, place) {
  for (const name of ["pointerenter", "focus"])
    tile.addEventListener(name, () => onIntent({ type: "point", ...place }));
  for (const name of ["pointerleave", "blur"]) {
    tile.addEventListener(name, () => onIntent({ type: "point", focus: null, feature: null }));
  }
}

/**
 * @param {string} name of the feature
 * @param {OnIntent} onIntent
 * @returns {HTMLElement}
 */
export function makeFeatureTile(name, onIntent) {
  const label = make("span", { class: "tile__label", "aria-hidden": "true" }, getFeature(name).label);
  const canvas = make("canvas", { "aria-hidden": "true" });
  const tile = make("button", { type: "button", class: "tile tile--input" }, label, canvas);
  tile.onclick = () => onIntent({ type: "toggle_feature", name });
  reportPointing(tile, onIntent, { focus: null, feature: name });
  return tile;
}

/**
 * @param {UnitKey} focus
 * @param {OnIntent} onIntent
 * @returns {HTMLElement}
 */
export function makeUnitTile(focus, onIntent) {
  const tile = make("button", { type: "button", class: "tile tile--unit skeleton", tabindex: "-1" });
  tile.append(make("canvas", { "aria-hidden": "true" }), make("span", { class: "tile__bias", "aria-hidden": "true" }));
  tile.setAttribute("aria-describedby", "unit-card");
  Object.assign(tile.dataset, { layer: String(focus.layer), unit: String(focus.unit) });
  tile.onclick = () => onIntent({ type: "pin", focus });
  reportPointing(tile, onIntent, { focus, feature: null });
  return tile;
}

/**
 * @param {number} layer
 * @param {OnIntent} onIntent
 * @returns {HTMLElement}
 */
export function makeLayerHead(layer, onIntent) {
  const head = make("div", { class: "layer-head" });
  const button = (/** @type {"minus" | "plus"} */ sign, /** @type {number} */ change) => {
    const element = make("button", { type: "button", class: "pill" }, signIcon(sign));
    element.onclick = () => onIntent({ type: "set_units", layer, units: Number(head.dataset.units) + change });
    return element;
  };
  head.append(button("minus", -1), make("span", { class: "layer-head__text" }), button("plus", 1));
  return head;
}

/**
 * @typedef {object} LayerHeadData
 * @property {number} layer
 * @property {number} count
 * @property {{minimum: number, maximum: number}} limits
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {boolean} isRoomy there is place for words
 */

/**
 * @param {HTMLElement} head
 * @param {LayerHeadData} data
 */
export function renderLayerHead(head, { layer, count, limits, translator, isRoomy }) {
  const [fewer, more] = head.querySelectorAll("button");
  head.dataset.units = String(count);
  fewer.setAttribute("aria-label", translator.t("layer.remove_unit", { layer: layer + 1 }));
  more.setAttribute("aria-label", translator.t("layer.add_unit", { layer: layer + 1 }));
  fewer.disabled = count <= limits.minimum;
  more.disabled = count >= limits.maximum;
  const words = translator.t("layer.units", { count });
  const text = find(head, ".layer-head__text", HTMLElement);
  setText(text, isRoomy ? words : String(count));
  text.title = words;
}
