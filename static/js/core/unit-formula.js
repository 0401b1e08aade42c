/** A unit as a line of mathematics, with its numbers. */

import { formatSigned } from "./format.js";

const longest = 6;
const shownOfMany = 3;

/**
 * @param {number} number
 * @returns {string} as lowered digits
 */
export function subscript(number) {
  return String(number).replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
}

/**
 * @param {number} value
 * @param {string} language
 * @param {boolean} isFirst a sum does not begin with a plus
 */
function signed(value, language, isFirst) {
  const isNegative = value < 0;
  const size = formatSigned(Math.abs(value), language);
  if (isFirst) return isNegative ? `−${size}` : size;
  return `${isNegative ? " − " : " + "}${size}`;
}

/** How an activation is written in front of its sum. @type {Record<string, string>} */
const written = Object.freeze({ relu: "max", sigmoid: "sigmoid", linear: "" });

/**
 * @param {object} unit
 * @param {string} unit.activation
 * @param {readonly string[]} unit.sources what comes in, as written
 * @param {readonly number[]} unit.weights one for each source
 * @param {number} unit.bias
 * @param {string} language
 * @returns {string} such as tanh(0.61·x₁ − 0.20·x₂ + 0.10); of many terms only some
 */
export function unitFormula({ activation, sources, weights, bias }, language) {
  const all = sources.map((source, index) => `${signed(weights[index], language, index === 0)}·${source}`);
  const isLong = all.length > longest;
  const terms = isLong ? [...all.slice(0, shownOfMany), " + … ", all[all.length - 1].trimStart()] : all;
  const sum = terms.join("") + signed(bias, language, all.length === 0);
  const name = written[activation] ?? activation;
  if (activation === "relu") return `max(0, ${sum})`;
  return name ? `${name}(${sum})` : sum;
}
