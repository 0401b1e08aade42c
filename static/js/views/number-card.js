/** The card that changes one weight or one bias: a number to type, a slider, and the value as it is now. */

import { formatSigned } from "../core/format.js";
import { weightAt } from "../core/weights.js";
import { make, setText } from "./elements.js";
import { FloatingCard } from "./floating-card.js";
import { LiveNumber } from "./live-number.js";

/**
 * @typedef {{layer: number, unit: number, row: number | null}} NumberKey row: where a weight comes from; null for the bias
 * @typedef {import("./floating-card.js").Box} Box
 * @typedef {import("../core/weights.js").LayerWeights} LayerWeights
 * @typedef {import("../i18n/i18n.js").Translator} Translator
 * @typedef {{type: "edit_number", layer: number, unit: number, row: number | null, value: number}} EditIntent
 */

/**
 * @typedef {object} NumberCardData
 * @property {Translator} translator
 * @property {LayerWeights[] | null} weights
 * @property {string} whyNot key of the sentence why nothing can be changed now, "" when it can
 */

const reach = 5;

/**
 * @param {LayerWeights[] | null} weights
 * @param {NumberKey} key
 * @returns {number | null}
 */
function numberAt(weights, { layer, unit, row }) {
  const part = weights?.[layer];
  if (!part || unit >= part.units || (row ?? 0) >= part.inputs) return null;
  return row === null ? part.bias[unit] : weightAt(part, row, unit);
}

/** One card for all numbers of a diagram. */
export class NumberCard {
  /** @type {NumberKey | null} */
  #key = null;
  #isSliding = false;

  /**
   * @param {HTMLElement} parent
   * @param {{onIntent: (intent: EditIntent) => void, nameOf: (key: NumberKey) => string, onClose: () => void}} options
   */
  constructor(parent, { onIntent, nameOf, onClose }) {
    this.nameOf = nameOf;
    this.onIntent = onIntent;
    const closed = () => {
      this.#key = null;
      onClose();
    };
    this.floating = new FloatingCard(parent, { name: "number-card", id: "number-card", onClose: closed });
    this.number = new LiveNumber({ onValue: (value) => this.#edit(value), onEnter: () => this.floating.close() });
    this.slider = make("input", { type: "range", min: String(-reach), max: String(reach), step: "0.01" });
    this.now = make("output", { class: "number-card__now" });
    this.reason = make("p", { class: "floating-card__hint" });
    const line = make("div", { class: "number-card__line" }, this.number.input, this.now);
    this.floating.body.append(line, this.slider, this.reason);
    this.#listenToSlider();
  }

  #listenToSlider() {
    this.slider.oninput = () => {
      this.#isSliding = true;
      this.#edit(Number(this.slider.value));
      this.number.show(Number(this.slider.value));
      this.#fill(Number(this.slider.value));
    };
    for (const name of ["change", "blur"]) this.slider.addEventListener(name, () => this.#rest());
  }

  #rest() {
    this.#isSliding = false;
  }

  /** @returns {NumberKey | null} what it changes, while it is open */
  get key() {
    return this.#key;
  }

  /** @param {NumberKey} key @param {{anchor: Box, opener: HTMLElement | null}} place @param {NumberCardData} data */
  open(key, { anchor, opener }, data) {
    this.#key = key;
    this.#isSliding = false;
    this.#write(data);
    this.floating.open(anchor, opener);
    this.refresh(data);
    this.number.show(numberAt(data.weights, key) ?? 0, true);
    // On a tablet the number would bring up the keyboard over the drawing; the slider does not.
    const isTouch = window.matchMedia("(pointer: coarse)").matches;
    (isTouch ? this.slider : this.number.input).focus();
    if (!isTouch) this.number.input.select();
  }

  /** @param {NumberCardData} data */
  refresh({ translator, weights, whyNot }) {
    if (!this.#key) return;
    const value = numberAt(weights, this.#key);
    const isFixed = whyNot !== "" || value === null;
    this.number.input.disabled = isFixed;
    this.slider.disabled = isFixed;
    setText(this.reason, whyNot && translator.t(whyNot));
    if (value === null) return;
    this.number.show(value);
    setText(this.now, translator.t("edit.now", { value: formatSigned(value, translator.language) }));
    if (this.#isSliding) return;
    this.slider.value = String(value);
    this.#fill(value);
  }

  close() {
    this.floating.close(false);
  }

  /** @param {NumberCardData} data */
  #write({ translator: { t } }) {
    if (!this.#key) return;
    const name = this.nameOf(this.#key);
    this.floating.name({ title: name, label: t("edit.card"), close: t("edit.close") });
    this.number.input.setAttribute("aria-label", name);
    this.slider.setAttribute("aria-label", t("edit.slider", { name }));
  }

  /** @param {number} value */
  #fill(value) {
    const share = (Math.max(-reach, Math.min(reach, value)) + reach) / (2 * reach);
    this.slider.style.setProperty("--filled", `${share * 100}%`);
  }

  /** @param {number} value */
  #edit(value) {
    if (this.#key) this.onIntent({ type: "edit_number", ...this.#key, value });
  }
}
