/** A class as it is written: its colour and shape on the picture, and its number. */

import { shapeOf } from "../core/shapes.js";
import { make, makeSvg } from "./elements.js";

/**
 * @param {number} label
 * @param {number} classes
 * @returns {string} the CSS colour its samples have
 */
function colorVariable(label, classes) {
  if (classes > 2) return `var(--class-${label})`;
  return label === 0 ? "var(--negative)" : "var(--positive)";
}

/**
 * @param {number} label
 * @param {number} classes
 * @returns {SVGElement}
 */
function makeSwatch(label, classes) {
  const swatch = makeSvg("svg", { class: "class-name__swatch", viewBox: "-1.6 -1.6 3.2 3.2", "aria-hidden": "true" });
  const corners = shapeOf(label);
  const shape = corners
    ? makeSvg("polygon", { points: corners.map((corner) => corner.join(",")).join(" ") })
    : makeSvg("circle", { r: "1.15" });
  shape.style.fill = colorVariable(label, classes);
  swatch.append(shape);
  return swatch;
}

/**
 * @param {number} label
 * @param {import("../i18n/i18n.js").Translator} translator
 * @returns {string}
 */
export function classText(label, { t }) {
  return t("quality.class", { label });
}

/**
 * @param {number} label
 * @param {number} classes
 * @param {import("../i18n/i18n.js").Translator} translator
 */
export function makeClassName(label, classes, translator) {
  const text = make("span", {}, classText(label, translator));
  return make("span", { class: "class-name" }, makeSwatch(label, classes), text);
}

/**
 * Where there is little room: only the number is seen, the whole name is heard.
 * @param {number} label
 * @param {number} classes
 * @param {import("../i18n/i18n.js").Translator} translator
 */
export function makeShortClassName(label, classes, translator) {
  const heard = make("span", { class: "spoken" }, classText(label, translator));
  const seen = make("span", { "aria-hidden": "true" }, String(label));
  return make("span", { class: "class-name" }, makeSwatch(label, classes), heard, seen);
}
