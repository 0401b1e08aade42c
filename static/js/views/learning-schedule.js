/** The learning rate over the epochs, drawn small. */

import { formatCount, formatRate } from "../core/format.js";
import { find, setText } from "./elements.js";

const [width, height, edge] = [320, 72, 4];

/** @param {readonly number[]} shares @returns {string} a line through all of them */
function lineThrough(shares) {
  const x = (/** @type {number} */ index) => (index / (shares.length - 1)) * width;
  const y = (/** @type {number} */ share) => edge + (1 - share) * (height - 2 * edge);
  return shares.map((share, index) => `${index ? "L" : "M"}${x(index).toFixed(1)} ${y(share).toFixed(1)}`).join("");
}

/**
 * @typedef {object} RateCurveData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number} rate that is set
 * @property {{epochs: number, shares: readonly number[]}} curve
 */

/**
 * @param {ParentNode} root
 * @returns {(data: RateCurveData) => void}
 */
export function createRateCurve(root) {
  const figure = find(root, "#rate-curve", HTMLElement);
  const svg = find(figure, "svg", SVGElement);
  const area = find(figure, ".rate-curve__area", SVGElement);
  const line = find(figure, ".rate-curve__line", SVGElement);
  const from = find(figure, "#rate-curve-from", HTMLElement);
  const to = find(figure, "#rate-curve-to", HTMLElement);
  return ({ translator: { t, language }, rate, curve: { epochs, shares } }) => {
    const path = lineThrough(shares);
    line.setAttribute("d", path);
    area.setAttribute("d", `${path}L${width} ${height}L0 ${height}Z`);
    const last = Number((rate * shares[shares.length - 1]).toPrecision(2));
    const words = { epoch: formatCount(epochs, language), rate: formatRate(last, language) };
    setText(from, t("schedule.point", { epoch: formatCount(1, language), rate: formatRate(rate, language) }));
    setText(to, t("schedule.point", words));
    svg.setAttribute("aria-label", `${from.textContent}, ${to.textContent}`);
  };
}
