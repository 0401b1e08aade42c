/** Single pieces of the diagram: a feature to switch on, a unit, its bias, the buttons above a layer. */

import { getFeature } from "../core/features.js";
import { formatShare } from "../core/format.js";
import { find, make, makeSvg, setText } from "./elements.js";

/**
 * @typedef {{layer: number, unit: number}} UnitKey
 * @typedef {(intent: UnitIntent) => void} OnIntent
 */

/**
 * @typedef {{type: "toggle_feature", name: string}
 *   | {type: "set_units", layer: number, units: number}
 *   | {type: "point", focus: UnitKey | null, feature: string | null}
 *   | {type: "pin_unit", focus: UnitKey, isByKeyboard: boolean}} UnitIntent
 */

/**
 * @param {string} name
 * @param {string} path SVG path data in a box of 16
 * @returns {SVGElement}
 */
function icon(name, path) {
  const drawing = makeSvg("svg", { viewBox: "0 0 16 16", class: name, "aria-hidden": "true" });
  drawing.append(makeSvg("path", { d: path }));
  return drawing;
}

/**
 * @param {"minus" | "plus"} sign
 * @returns {HTMLButtonElement}
 */
export function makeSignButton(sign) {
  const path = sign === "plus" ? "M3 8h10M8 3v10" : "M3 8h10";
  return make("button", { type: "button", class: "pill" }, icon("pill__sign", path));
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
  tile.dataset.feature = name;
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
  tile.append(make("canvas", { "aria-hidden": "true" }));
  tile.setAttribute("aria-describedby", "unit-formula");
  Object.assign(tile.dataset, { layer: String(focus.layer), unit: String(focus.unit) });
  // A click that no pointer made comes from the Enter key.
  tile.onclick = (click) => onIntent({ type: "pin_unit", focus, isByKeyboard: click.detail === 0 });
  reportPointing(tile, onIntent, { focus, feature: null });
  return tile;
}

/**
 * The keyboard changes a bias in the card of its unit, so the small square needs no stop of its own. Pointing at it shows
 * that card; the focus that comes back after a change does not, so that the change stays in sight in the output.
 * @param {UnitKey} key
 * @param {{onIntent: OnIntent, onBias: (key: UnitKey, square: HTMLElement) => void}} options
 * @returns {HTMLElement}
 */
export function makeBiasSquare(key, { onIntent, onBias }) {
  const square = make("button", { type: "button", class: "bias", tabindex: "-1", "aria-haspopup": "dialog" });
  square.append(make("i"));
  square.onclick = () => onBias(key, square);
  square.onpointerenter = () => onIntent({ type: "point", focus: key, feature: null });
  square.onpointerleave = () => onIntent({ type: "point", focus: null, feature: null });
  return square;
}

/**
 * @param {number} layer
 * @param {{onIntent: OnIntent, onSettings: (layer: number, button: HTMLElement) => void}} options
 * @returns {HTMLElement}
 */
export function makeLayerHead(layer, { onIntent, onSettings }) {
  const head = make("div", { class: "layer-head" });
  const settings = make("button", { type: "button", class: "layer-head__settings", "aria-haspopup": "dialog" });
  settings.append(
    make("span", { class: "layer-head__text" }),
    icon("layer-head__mark layer-head__dropout", "M8 2v2M8 12v2M2 8h2M12 8h2M5 5l6 6M11 5l-6 6"),
    icon("layer-head__mark layer-head__normalization", "M2 12.5c3.6 0 3.4-9 6-9s2.4 9 6 9"),
    icon("layer-head__chevron", "m4.5 6.5 3.5 3.5 3.5-3.5"),
  );
  settings.onclick = () => onSettings(layer, settings);
  const [fewer, more] = [makeSignButton("minus"), makeSignButton("plus")];
  fewer.onclick = () => onIntent({ type: "set_units", layer, units: Number(head.dataset.units) - 1 });
  more.onclick = () => onIntent({ type: "set_units", layer, units: Number(head.dataset.units) + 1 });
  head.append(fewer, settings, more);
  return head;
}

/**
 * @typedef {object} LayerHeadData
 * @property {number} layer
 * @property {{units: number, activation: string, isNormalized: boolean, dropout: number}} shown
 * @property {{minimum: number, maximum: number}} limits
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {boolean} isStacked the buttons stand below the name
 * @property {boolean} hasWords there is place for more than a number
 */

/**
 * @param {HTMLElement} head
 * @param {LayerHeadData} data
 */
export function renderLayerHead(head, { layer, shown, limits, translator, isStacked, hasWords }) {
  const { t, language } = translator;
  const [fewer, settings, more] = head.querySelectorAll("button");
  head.dataset.units = String(shown.units);
  head.classList.toggle("layer-head--stacked", isStacked);
  fewer.setAttribute("aria-label", t("layer.remove_unit", { layer: layer + 1 }));
  more.setAttribute("aria-label", t("layer.add_unit", { layer: layer + 1 }));
  fewer.disabled = shown.units <= limits.minimum;
  more.disabled = shown.units >= limits.maximum;
  const activation = translator.orElse(`activation.${shown.activation}`, shown.activation);
  const amount = hasWords ? t("layer.units", { count: shown.units }) : String(shown.units);
  setText(find(head, ".layer-head__text", HTMLElement), `${amount} · ${activation}`);
  const marks = [
    ...(shown.dropout > 0 ? [t("layer.mark.dropout", { share: formatShare(shown.dropout, language, 0) })] : []),
    ...(shown.isNormalized ? [t("layer.mark.normalization")] : []),
  ];
  settings.dataset.dropout = String(shown.dropout > 0);
  settings.dataset.normalization = String(shown.isNormalized);
  settings.title = [`${t("layer.units", { count: shown.units })} · ${activation}`, ...marks].join(", ");
  const said = [`${amount} · ${activation}`, ...marks].join(", ");
  settings.setAttribute("aria-label", `${said}: ${t("layer.settings", { layer: layer + 1 })}`);
}
