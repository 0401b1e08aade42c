/** What one unit computes, with its numbers: its activation of the weighted sum of what comes in, plus its bias. */

import { formatSigned } from "../core/format.js";
import { weightAt } from "../core/weights.js";
import { find, make, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} UnitCardData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {{layer: number, unit: number}} focus
 * @property {boolean} isPointed nobody points at a unit: then a hint how to
 * @property {string} name of the unit
 * @property {readonly string[]} sources what comes in, as written
 * @property {string} activation
 * @property {import("../core/weights.js").LayerWeights[] | null} weights
 */

const manySources = 9;

/** @param {string} source */
function makeTerm(source) {
  const bar = make("span", { class: "term__bar" }, make("i"));
  const name = make("span", { class: "term__source" }, source);
  return make("li", { class: "term" }, name, bar, make("span", { class: "term__value" }));
}

/**
 * @param {HTMLElement} card
 * @param {UnitCardData} data
 */
function build(card, { translator, isPointed, name, sources, activation }) {
  const title = make("p", { class: "unit-card__name" }, make("strong", {}, name));
  title.append(make("span", { class: "chip" }, activation));
  const terms = make("ul", { class: sources.length > manySources ? "terms terms--many" : "terms" });
  terms.append(...[...sources, translator.t("unit.bias")].map(makeTerm));
  card.replaceChildren(title, terms);
  if (!isPointed) card.append(make("p", { class: "unit-card__hint" }, translator.t("unit.hint")));
}

/**
 * @param {Element} term
 * @param {number} value
 * @param {{largest: number, language: string}} style
 */
function fillTerm(term, value, { largest, language }) {
  const bar = find(term, "i", HTMLElement);
  bar.style.width = `${(Math.abs(value) / largest) * 50}%`;
  bar.dataset.sign = value < 0 ? "negative" : "positive";
  setText(find(term, ".term__value", HTMLElement), formatSigned(value, language));
}

/**
 * @param {ParentNode} root
 */
export function createUnitCardView(root) {
  const card = find(root, "#unit-card", HTMLElement);
  let builtFor = "";

  const render = whenChanged((/** @type {UnitCardData} */ data) => {
    const { focus, translator, weights, isPointed, name, sources, activation } = data;
    const layer = weights?.[focus.layer];
    if (!layer || focus.unit >= layer.units) return;
    const key = JSON.stringify([translator.language, focus, isPointed, name, sources, activation]);
    if (key !== builtFor) build(card, data);
    builtFor = key;
    const incoming = Array.from({ length: layer.inputs }, (_unused, row) => weightAt(layer, row, focus.unit));
    const values = [...incoming, layer.bias[focus.unit]];
    const style = { largest: Math.max(1, ...values.map(Math.abs)), language: translator.language };
    [...card.querySelectorAll(".term")].forEach((term, index) => {
      fillTerm(term, values[index], style);
    });
  });
  return { render, destroy() {} };
}
