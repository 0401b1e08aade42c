/** How well each class is found, and how far the network can be believed when it names it. */

import { formatCount, formatShare } from "../core/format.js";
import { find, make, whenChanged } from "./elements.js";
import { makeClassName } from "./quality-class-name.js";

/** @typedef {import("../core/confusion.js").ClassQuality} ClassQuality */

/**
 * @typedef {object} QualityClassesData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number | null} classes null hides it
 * @property {readonly ClassQuality[] | null} classQualities null while nothing is known
 */

/**
 * @param {number | null} share
 * @param {{right: number, of: number}} counts
 * @param {import("../i18n/i18n.js").Translator} translator
 */
function makeCell(share, { right, of }, { t, language }) {
  const counts = { right: formatCount(right, language), total: formatCount(of, language) };
  return make("td", {}, make("b", {}, formatShare(share, language, 0)), make("small", {}, t("quality.of", counts)));
}

/** @param {number} label @param {ClassQuality | null} quality @param {QualityClassesData} data */
function makeRow(label, quality, { classes, translator }) {
  const head = make("th", { scope: "row" }, makeClassName(label, classes ?? 2, translator));
  if (!quality) return make("tr", {}, head, make("td", {}, "–"), make("td", {}, "–"));
  const { recall, precision, right, actual, said } = quality;
  const found = makeCell(recall, { right, of: actual }, translator);
  return make("tr", {}, head, found, makeCell(precision, { right, of: said }, translator));
}

/**
 * @param {ParentNode} root
 */
export function createQualityClassesView(root) {
  const section = find(root, "#quality-classes", HTMLElement);
  const body = find(root, "#quality-classes-rows", HTMLElement);
  const redraw = whenChanged((/** @type {QualityClassesData} */ data) => {
    const { classes, classQualities } = data;
    section.hidden = classes === null;
    const labels = Array.from({ length: classes ?? 0 }, (_unused, label) => label);
    body.replaceChildren(...labels.map((label) => makeRow(label, classQualities?.[label] ?? null, data)));
  });
  /** @param {QualityClassesData} data */
  const render = ({ translator, classes, classQualities }) => redraw({ translator, classes, classQualities });
  return { render, destroy() {} };
}
