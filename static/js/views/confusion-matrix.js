/** Which classes are taken for which: a table whose cells are buttons that show the very samples. */

import { formatCount } from "../core/format.js";
import { find, make, setText, whenChanged } from "./elements.js";
import { classText, makeClassName, makeShortClassName } from "./quality-class-name.js";

/**
 * @typedef {object} ConfusionMatrixData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number | null} classes null hides it
 * @property {{members: readonly (readonly (readonly number[])[])[]} | null} confusion null while nothing is known
 * @property {readonly string[]} [names] of the classes, when they have names of their own
 * @property {any} chosen the cell that is pressed: kind "cell", truth, predicted
 */

/**
 * @typedef {{kind: "cell", truth: number, predicted: number} | {kind: "sample", sample: number}} Chosen
 * @typedef {{type: "quality_choose", chosen: Chosen}} ChooseIntent
 */

/** So many have room for their names. */
const fewClasses = 3;

/** Longer names do not stand side by side above narrow columns. */
const shortName = 2;

/** @param {number} label @param {ConfusionMatrixData} data @returns {Node} the head of a row or a column */
function makeHead(label, { classes, translator, names }) {
  if (names) return make("span", { class: "confusion__name", title: names[label] }, names[label]);
  const makeName = (classes ?? 0) > fewClasses ? makeShortClassName : makeClassName;
  return makeName(label, classes ?? 0, translator);
}

/** @param {number} label @param {ConfusionMatrixData} data @returns {string} */
const nameOf = (label, { translator, names }) => names?.[label] ?? classText(label, translator);

/** @param {number} classes */
const labelsOf = (classes) => Array.from({ length: classes }, (_unused, label) => label);

class ConfusionMatrix {
  /** @type {HTMLButtonElement[][]} */
  #cells = [];
  #builtFor = "";

  /** @param {ParentNode} root @param {{onIntent: (intent: ChooseIntent) => void}} options */
  constructor(root, { onIntent }) {
    this.onIntent = onIntent;
    this.section = find(root, "#confusion", HTMLElement);
    this.heads = find(root, "#confusion-heads", HTMLElement);
    this.body = find(root, "#confusion-rows", HTMLElement);
    this.span = find(root, "#confusion-span", HTMLTableCellElement);
  }

  /** @param {ConfusionMatrixData} data */
  render(data) {
    const { classes, translator, names } = data;
    this.section.hidden = classes === null;
    if (classes === null) return;
    const key = `${classes} ${translator.language} ${names ?? ""}`;
    if (key !== this.#builtFor) this.#build(classes, data);
    this.#builtFor = key;
    this.#fill(data);
  }

  /** @param {number} classes @param {ConfusionMatrixData} data */
  #build(classes, data) {
    const labels = labelsOf(classes);
    const head = (/** @type {string} */ scope, /** @type {number} */ label) =>
      make("th", { scope }, makeHead(label, data));
    this.span.colSpan = classes;
    this.heads.replaceChildren(...labels.map((label) => head("col", label)));
    this.#cells = labels.map((truth) => labels.map((predicted) => this.#makeCell(truth, predicted)));
    const rows = this.#cells.map((cells, truth) => {
      return make("tr", {}, head("row", truth), ...cells.map((cell) => make("td", {}, cell)));
    });
    this.body.replaceChildren(...rows);
    this.section.dataset.classes = String(classes);
    this.section.dataset.hasLongNames = String(data.names?.some((name) => name.length > shortName) ?? false);
  }

  /** @param {number} truth @param {number} predicted */
  #makeCell(truth, predicted) {
    const cell = make("button", { type: "button", class: "confusion__cell", "aria-pressed": "false" });
    cell.dataset.right = String(truth === predicted);
    cell.onclick = () => this.onIntent({ type: "quality_choose", chosen: { kind: "cell", truth, predicted } });
    return cell;
  }

  /** @param {ConfusionMatrixData} data */
  #fill(data) {
    const { confusion, chosen, translator } = data;
    const { t, language } = translator;
    this.#cells.forEach((cells, truth) => {
      const row = confusion?.members[truth] ?? null;
      const total = row ? row.reduce((sum, samples) => sum + samples.length, 0) : 0;
      cells.forEach((cell, predicted) => {
        const count = row?.[predicted].length ?? 0;
        const names = { truth: nameOf(truth, data), predicted: nameOf(predicted, data) };
        setText(cell, row ? formatCount(count, language) : "–");
        cell.style.setProperty("--share", total ? (count / total).toFixed(3) : "0");
        cell.setAttribute("aria-label", t("quality.cell", { ...names, amount: count, count: cell.textContent ?? "" }));
        const isChosen = chosen?.kind === "cell" && chosen.truth === truth && chosen.predicted === predicted;
        cell.setAttribute("aria-pressed", String(isChosen));
      });
    });
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: ChooseIntent) => void}} options
 */
export function createConfusionMatrixView(root, options) {
  const view = new ConfusionMatrix(root, options);
  const render = whenChanged((/** @type {ConfusionMatrixData} */ data) => view.render(data));
  return { render, destroy() {} };
}
