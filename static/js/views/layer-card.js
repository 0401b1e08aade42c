/** The settings of one layer: how many units, which activation, dropout, normalization, and a way to be rid of it. */

import { formatShare } from "../core/format.js";
import { fillSelect, make, setText } from "./elements.js";
import { FloatingCard } from "./floating-card.js";
import { makeSignButton } from "./network-tiles.js";

/**
 * @typedef {import("../i18n/i18n.js").Translator} Translator
 * @typedef {{minimum: number, maximum: number}} Limits
 * @typedef {{units: number, activation: string, isNormalized: boolean, dropout: number}} Layer
 * @typedef {{type: "set_units", layer: number, units: number}
 *   | {type: "set_hidden_layer", layer: number, change: Partial<Layer>}
 *   | {type: "drop_layer", layer: number}} LayerIntent
 */

/**
 * @typedef {object} LayerCardData
 * @property {Translator} translator
 * @property {readonly Layer[]} hidden
 * @property {{units: Limits, layers: Limits, activations: readonly string[]}} offer
 * @property {boolean} hasRoom for one more layer of any kind
 */

const mostDropout = 80;
const dropoutStep = 10;

/** One card for all layers of a diagram. */
export class LayerCard {
  /** @type {number | null} */
  #layer = null;
  /** @type {Layer | null} */
  #shown = null;

  /**
   * @param {HTMLElement} parent
   * @param {(intent: LayerIntent) => void} onIntent
   */
  constructor(parent, onIntent) {
    this.onIntent = onIntent;
    const onClose = () => {
      this.#layer = null;
    };
    this.floating = new FloatingCard(parent, { name: "layer-card", id: "layer-card", onClose });
    this.fewer = makeSignButton("minus");
    this.more = makeSignButton("plus");
    this.units = make("strong", { class: "layer-card__units", role: "status" });
    this.activation = make("select", { id: "layer-activation" });
    this.dropout = make("input", {
      type: "range",
      id: "layer-dropout",
      min: "0",
      max: String(mostDropout),
      step: String(dropoutStep),
    });
    this.share = make("output", { class: "field__value", for: "layer-dropout", "aria-hidden": "true" });
    this.normalization = make("input", { type: "checkbox", id: "layer-normalization" });
    this.remove = make("button", { type: "button", class: "button button--wide" });
    this.labels = {
      units: make("span"),
      activation: make("label", { for: "layer-activation" }),
      dropout: make("label", { for: "layer-dropout" }),
      normalization: make("span"),
    };
    this.hint = make("p", { class: "floating-card__hint" });
    this.#build();
    this.#listen();
  }

  #build() {
    const stepper = make("div", { class: "layer-card__stepper" }, this.fewer, this.units, this.more);
    const line = make("span", { class: "field__line" }, this.labels.dropout, this.share);
    const box = make("label", { class: "switch" }, this.normalization, this.labels.normalization);
    this.floating.body.append(
      make("div", { class: "layer-card__row" }, this.labels.units, stepper),
      make("div", { class: "field" }, this.labels.activation, this.activation),
      make("div", { class: "field field--slider" }, line, this.dropout),
      box,
      this.hint,
      this.remove,
    );
  }

  #listen() {
    const set = (/** @type {Partial<Layer>} */ change) => {
      if (this.#layer !== null) this.onIntent({ type: "set_hidden_layer", layer: this.#layer, change });
    };
    this.fewer.onclick = () => set({ units: (this.#shown?.units ?? 2) - 1 });
    this.more.onclick = () => set({ units: (this.#shown?.units ?? 0) + 1 });
    this.activation.onchange = () => set({ activation: this.activation.value });
    this.dropout.oninput = () => set({ dropout: Number(this.dropout.value) / 100 });
    this.normalization.onchange = () => set({ isNormalized: this.normalization.checked });
    this.remove.onclick = () => {
      const layer = this.#layer;
      this.floating.close();
      if (layer !== null) this.onIntent({ type: "drop_layer", layer });
    };
  }

  /** @param {number} layer @param {HTMLElement} opener @param {LayerCardData} data */
  open(layer, opener, data) {
    if (this.#layer === layer) {
      this.floating.close();
      return;
    }
    this.#layer = layer;
    this.refresh(data);
    this.floating.open(opener.getBoundingClientRect(), opener);
    this.activation.focus();
  }

  /** @param {LayerCardData} data */
  refresh(data) {
    if (this.#layer === null) return;
    const layer = data.hidden[this.#layer];
    this.#shown = layer ?? null;
    if (layer) this.#write(layer, this.#layer + 1, data);
    else this.floating.close();
  }

  /** @param {Layer} shown @param {number} layer from 1 @param {LayerCardData} data */
  #write(shown, layer, { translator, offer, hasRoom }) {
    const { t } = translator;
    this.#name(layer, translator);
    setText(this.units, String(shown.units));
    this.fewer.disabled = shown.units <= offer.units.minimum;
    this.more.disabled = shown.units >= offer.units.maximum;
    const choices = offer.activations.map((value) => ({
      value,
      text: translator.orElse(`activation.${value}`, value),
    }));
    fillSelect(this.activation, choices, shown.activation);
    this.#showDropout(shown.dropout, translator);
    this.dropout.disabled = !hasRoom && shown.dropout === 0;
    this.normalization.checked = shown.isNormalized;
    this.normalization.disabled = !hasRoom && !shown.isNormalized;
    const isFull = this.dropout.disabled || this.normalization.disabled;
    setText(this.hint, isFull ? t("layer.full", { count: offer.layers.maximum }) : t("layer.dropout_hint"));
  }

  /** @param {number} layer from 1 @param {Translator} translator */
  #name(layer, { t }) {
    const title = t("layer.card", { layer });
    this.floating.name({ title, label: title, close: t("edit.close") });
    setText(this.labels.units, t("layer.units_label"));
    setText(this.labels.activation, t("control.activation"));
    setText(this.labels.dropout, t("layer.dropout_label"));
    setText(this.labels.normalization, t("layer.normalization_label"));
    setText(this.remove, t("layer.remove_this"));
    this.fewer.setAttribute("aria-label", t("layer.fewer_here", { layer }));
    this.more.setAttribute("aria-label", t("layer.more_here", { layer }));
    this.units.setAttribute("aria-label", t("layer.number_of_units", { layer }));
    this.activation.setAttribute("aria-label", t("layer.activation", { layer }));
    this.dropout.setAttribute("aria-label", t("layer.dropout", { layer }));
    this.normalization.setAttribute("aria-label", t("layer.normalization", { layer }));
  }

  /** @param {number} dropout 0 to 1 @param {Translator} translator */
  #showDropout(dropout, { language }) {
    const percent = Math.round(dropout * 100);
    const text = formatShare(dropout, language, 0);
    if (Number(this.dropout.value) !== percent) this.dropout.value = String(percent);
    this.dropout.style.setProperty("--filled", `${(percent / mostDropout) * 100}%`);
    this.dropout.setAttribute("aria-valuetext", text);
    setText(this.share, text);
  }
}
