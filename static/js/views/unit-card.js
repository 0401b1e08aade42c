/** What one unit computes, with its numbers: its activation of the weighted sum of what comes in, plus its bias. */

import { activationPath } from "../core/activations.js";
import { unitFormula } from "../core/unit-formula.js";
import { weightAt } from "../core/weights.js";
import { changedNames, find, make, makeSvg, setText, whenChanged } from "./elements.js";
import { LiveNumber } from "./live-number.js";

/**
 * @typedef {object} UnitCardData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {{layer: number, unit: number}} focus
 * @property {boolean} isPointed nobody points at a unit: then a hint how to
 * @property {boolean} isPinned on a phone the card then stands in front
 * @property {string} name of the unit
 * @property {readonly string[]} sources what comes in, as written in a formula
 * @property {readonly string[]} termNames of each weight and of the bias, in words
 * @property {string} activation
 * @property {boolean} isNormalized
 * @property {import("../core/weights.js").LayerWeights[] | null} weights
 * @property {boolean} isTraining
 * @property {string} whyNot key of the sentence why no number can be changed now, "" when it can
 */

/**
 * @typedef {import("./number-card.js").EditIntent
 *   | {type: "hold_unit", focus: {layer: number, unit: number} | null}
 *   | {type: "leave_unit", focus: {layer: number, unit: number}}} UnitCardIntent
 */

const manySources = 9;
const curve = { width: 34, height: 22 };

/** Numbers that change more often than this cannot be read. */
const restMs = 90;

/** @param {string} activation */
function makeCurve(activation) {
  const { width, height } = curve;
  const drawing = makeSvg("svg", {
    class: "unit-card__curve",
    viewBox: `0 0 ${width} ${height}`,
    "aria-hidden": "true",
  });
  const axes = `M0 ${height / 2}H${width}M${width / 2} 0V${height}`;
  drawing.append(
    makeSvg("path", { class: "unit-card__axes", d: axes }),
    makeSvg("path", { d: activationPath(activation, width, height) }),
  );
  return drawing;
}

/** The card of one unit at a time. */
class UnitCard {
  /** @type {UnitCardData | null} */
  #shown = null;
  /** @type {{number: LiveNumber, bar: HTMLElement}[]} */
  #terms = [];
  #builtFor = "";
  #drawnAt = -Infinity;
  #isFilled = false;
  /** @type {{layer: number, unit: number} | null} unit whose numbers the keyboard goes to */
  #wantsFocus = null;

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: UnitCardIntent) => void, now: () => number}} options
   */
  constructor(root, { onIntent, now }) {
    this.onIntent = onIntent;
    this.now = now;
    this.place = find(root, "#unit-card", HTMLElement);
    this.card = make("div", { class: "unit-card__sheet", role: "group", "aria-labelledby": "unit-name" });
    this.formula = make("p", { class: "unit-card__formula", id: "unit-formula" });
    this.hint = make("p", { class: "unit-card__hint" });
    this.card.append(this.hint);
    this.place.replaceChildren(this.card);
    this.card.addEventListener("keydown", (key) => key.key === "Escape" && this.#leave());
    this.card.addEventListener("focusin", () => this.#hold(true));
    this.card.addEventListener("focusout", () => this.#hold(false));
  }

  /** @param {UnitCardData} data @param {UnitCardData | null} before */
  render(data, before) {
    const { focus, translator, weights, isPointed, name, sources, activation, isNormalized } = data;
    this.#shown = data;
    this.place.dataset.pinned = String(data.isPinned);
    const key = JSON.stringify([translator.language, focus, name, sources, activation, isNormalized]);
    const isOther = key !== this.#builtFor;
    if (isOther) this.#build(data);
    this.#builtFor = key;
    if (isOther || changedNames(data, before).has("isPointed", "whyNot", "translator")) this.#explain(isPointed, data);
    const layer = weights?.[focus.layer];
    // The numbers may still be on their way.
    if (!layer || focus.unit >= layer.units || layer.inputs !== sources.length) return;
    const isTooSoon = data.isTraining && this.#isFilled && this.now() - this.#drawnAt < restMs;
    if (!isTooSoon) this.#fill(layer, data);
    if (this.#wantsFocus?.layer === focus.layer && this.#wantsFocus.unit === focus.unit) this.#takeFocus();
  }

  /** The keyboard comes from the tile of a unit, which is shown next. @param {{layer: number, unit: number}} focus */
  focusNumbers(focus) {
    this.#wantsFocus = focus;
  }

  #takeFocus() {
    this.#wantsFocus = null;
    this.#terms[0]?.number.input.focus();
    this.#terms[0]?.number.input.select();
  }

  /** @param {UnitCardData} data */
  #build({ translator, focus, name, sources, termNames, activation, isNormalized }) {
    const { t } = translator;
    const kind = translator.orElse(`activation.${activation}`, activation);
    const chip = make("span", { class: "chip" }, isNormalized ? `${kind}, ${t("unit.normalized")}` : kind);
    const close = make("button", { type: "button", class: "unit-card__close", "aria-label": t("edit.close") }, "×");
    close.onclick = () => this.#leave();
    const title = make("strong", { id: "unit-name" }, name);
    const terms = make("ul", {
      class: sources.length > manySources ? "terms terms--many" : "terms",
      "aria-label": t("unit.inputs"),
    });
    this.#terms = [...sources, t("unit.bias")].map((source, index) => {
      const row = index < sources.length ? index : null;
      return this.#makeTerm({ source, name: termNames[index], place: { ...focus, row }, list: terms });
    });
    this.#isFilled = false;
    setText(this.formula, "");
    const head = make("p", { class: "unit-card__name" }, title, makeCurve(activation), chip, close);
    this.card.replaceChildren(head, this.formula, terms, this.hint);
  }

  /**
   * @param {{source: string, name: string, place: {layer: number, unit: number, row: number | null}, list: HTMLElement}} term
   */
  #makeTerm({ source, name, place, list }) {
    const bar = make("i");
    const number = new LiveNumber({ onValue: (value) => this.onIntent({ type: "edit_number", ...place, value }) });
    number.input.setAttribute("aria-label", name);
    const label = make("span", { class: "term__source" }, source);
    list.append(make("li", { class: "term" }, label, make("span", { class: "term__bar" }, bar), number.input));
    return { number, bar };
  }

  /** @param {boolean} isPointed @param {UnitCardData} data */
  #explain(isPointed, { whyNot, translator: { t } }) {
    for (const { number } of this.#terms) number.input.disabled = whyNot !== "";
    const says = whyNot ? t(whyNot) : t("unit.hint");
    this.hint.hidden = isPointed && whyNot === "";
    setText(this.hint, says);
  }

  /** @param {import("../core/weights.js").LayerWeights} layer @param {UnitCardData} data */
  #fill(layer, { focus, sources, activation, translator: { language } }) {
    this.#drawnAt = this.now();
    this.#isFilled = true;
    const weights = sources.map((_source, row) => weightAt(layer, row, focus.unit));
    const bias = layer.bias[focus.unit];
    const values = [...weights, bias];
    const largest = Math.max(1, ...values.map(Math.abs));
    this.#terms.forEach(({ number, bar }, index) => {
      number.show(values[index]);
      bar.style.width = `${((Math.abs(values[index]) / largest) * 50).toFixed(1)}%`;
      bar.dataset.sign = values[index] < 0 ? "negative" : "positive";
    });
    setText(this.formula, unitFormula({ activation, sources, weights, bias }, language));
  }

  /** @param {boolean} isHeld */
  #hold(isHeld) {
    this.onIntent({ type: "hold_unit", focus: isHeld ? (this.#shown?.focus ?? null) : null });
  }

  #leave() {
    if (this.#shown) this.onIntent({ type: "leave_unit", focus: this.#shown.focus });
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: UnitCardIntent) => void, now: () => number}} options
 */
export function createUnitCardView(root, options) {
  const view = new UnitCard(root, options);
  const render = whenChanged((/** @type {UnitCardData} */ data, before) => view.render(data, before));
  const focusNumbers = (/** @type {{layer: number, unit: number}} */ focus) => view.focusNumbers(focus);
  return { render, focusNumbers, destroy() {} };
}
