/** The samples the network misses by most; a press marks one on the output picture. */

import { formatSigned } from "../core/format.js";
import { find, make, setText, whenChanged } from "./elements.js";

/** @typedef {import("../core/goodness.js").Residual} Residual */

/**
 * @typedef {object} QualityResidualsData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number | null} classes not null hides it
 * @property {boolean} isCurve samples have one coordinate
 * @property {any} chosen the sample that is pressed: kind "sample", sample
 * @property {{largest: readonly Residual[]} | null} fit null while nothing is known
 * @property {readonly number[][] | null} places of all samples of the share
 */

/** @typedef {import("./confusion-matrix.js").ChooseIntent} ChooseIntent */

/** @param {number} count @returns {HTMLTableRowElement} with so many cells behind the button */
function makeRow(count) {
  const button = make("button", { type: "button", class: "residual", "aria-pressed": "false" });
  const cells = Array.from({ length: count }, () => make("td"));
  return make("tr", {}, make("th", { scope: "row" }, button), ...cells);
}

class QualityResiduals {
  /** @type {HTMLTableRowElement[]} */
  #rows = [];

  /** @param {ParentNode} root @param {{onIntent: (intent: ChooseIntent) => void}} options */
  constructor(root, { onIntent }) {
    this.onIntent = onIntent;
    this.section = find(root, "#quality-residuals", HTMLElement);
    this.body = find(root, "#quality-residuals-rows", HTMLElement);
  }

  /** @param {QualityResidualsData} data */
  render(data) {
    const { classes, fit } = data;
    this.section.hidden = classes !== null;
    if (classes !== null) return;
    const largest = fit?.largest ?? [];
    if (largest.length !== this.#rows.length) {
      this.#rows = largest.map(() => makeRow(3));
      this.body.replaceChildren(...this.#rows);
    }
    largest.forEach((residual, index) => {
      this.#fill(this.#rows[index], residual, data);
    });
  }

  /** @param {HTMLTableRowElement} row @param {Residual} residual @param {QualityResidualsData} data */
  #fill(row, { sample, truth, predicted, difference }, { places, chosen, translator: { t, language }, isCurve }) {
    const button = find(row, "button", HTMLButtonElement);
    const place = (places?.[sample] ?? []).map((number) => formatSigned(number, language));
    setText(button, isCurve ? place[0] : `(${place.join(" ; ")})`);
    button.setAttribute("aria-pressed", String(chosen?.kind === "sample" && chosen.sample === sample));
    button.title = t("quality.residual.mark");
    button.onclick = () => this.onIntent({ type: "quality_choose", chosen: { kind: "sample", sample } });
    [truth, predicted, difference].forEach((number, index) => {
      setText(row.cells[index + 1], formatSigned(number, language));
    });
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: ChooseIntent) => void}} options
 */
export function createQualityResidualsView(root, options) {
  const view = new QualityResiduals(root, options);
  const render = whenChanged((/** @type {QualityResidualsData} */ data) => view.render(data));
  return { render, destroy() {} };
}
