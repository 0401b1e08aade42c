/** How strongly each layer learns: the length of its gradient on a logarithmic axis, its updates, its dead units. */

import { formatPower } from "../core/format.js";
import { normPlace, updateVerdict } from "../core/gradient-report.js";
import { find, make, setText } from "./elements.js";
import { drawHistogram } from "./histogram.js";

/**
 * @typedef {import("../state/run-events.js").LayerGradients} LayerGradients
 * @typedef {import("../i18n/i18n.js").Translator} Translator
 */

/** @returns {HTMLElement[]} the cells of one layer */
export function makeGradientCells() {
  const bar = make("span", { class: "norm", "aria-hidden": "true" }, make("i"));
  const length = make("td", { class: "gradient gradient--norm" }, bar, make("span", { class: "gradient__value" }));
  const update = make("span", { class: "gradient__value gradient__ratio" });
  const verdict = make("span", { class: "learning-verdict", "data-verdict": "unknown" });
  return [
    length,
    make("td", { class: "gradient gradient--update" }, update, verdict),
    make("td", { class: "gradient gradient--dead" }, make("span", { class: "learning-verdict" })),
    make("td", { class: "gradient" }, make("canvas", { class: "histogram gradient__histogram", role: "img" })),
  ];
}

/** @param {LayerGradients} layer @param {Translator} translator @returns {string} */
function spreadName({ histogram }, { t, language }) {
  return histogram ? t("layers.gradients.name", { limit: formatPower(histogram.high, language) }) : "–";
}

/**
 * @param {HTMLElement} row
 * @param {LayerGradients | null} layer null while nothing is known
 * @param {{translator: Translator, colors: import("./histogram.js").HistogramColors}} style
 */
export function fillGradientCells(row, layer, { translator, colors }) {
  const { t, language } = translator;
  const norm = layer?.gradient_norm ?? null;
  const isExploded = layer !== null && norm === null;
  find(row, ".norm i", HTMLElement).style.width = layer ? `${normPlace(norm) * 100}%` : "0";
  const shownNorm = norm === null ? (isExploded ? "∞" : "–") : formatPower(norm, language);
  setText(find(row, ".gradient--norm .gradient__value", HTMLElement), shownNorm);
  const ratio = layer?.update_ratio ?? null;
  setText(find(row, ".gradient__ratio", HTMLElement), ratio === null ? "–" : formatPower(ratio, language));
  const verdict = find(row, ".gradient--update .learning-verdict", HTMLElement);
  verdict.dataset.verdict = updateVerdict(ratio);
  setText(verdict, layer ? t(`layers.verdict.${verdict.dataset.verdict}`) : "");
  fillDead(find(row, ".gradient--dead .learning-verdict", HTMLElement), layer, translator);
  const canvas = find(row, ".gradient__histogram", HTMLCanvasElement);
  canvas.setAttribute("aria-label", layer ? spreadName(layer, translator) : "–");
  const { histogram } = layer ?? {};
  drawHistogram(canvas, histogram ? { counts: histogram.counts, limit: histogram.high } : null, colors);
}

/** @param {HTMLElement} cell @param {LayerGradients | null} layer @param {Translator} translator */
function fillDead(cell, layer, { t }) {
  cell.dataset.verdict = layer?.dead_units ? "bad" : "plain";
  setText(cell, layer ? t("layers.dead.count", { dead: layer.dead_units, units: layer.units }) : "–");
}
