/** The network as a drawing: features on the left, the final units on the right, every weight a line. */

import { getFeature } from "../core/features.js";
import { networkLayout } from "../core/network-layout.js";
import { changedNames, find, whenChanged } from "./elements.js";
import { LayerCard } from "./layer-card.js";
import { Callouts } from "./network-callouts.js";
import { ConnectionLines } from "./network-connections.js";
import { createNetworkHead } from "./network-head.js";
import { createScrollButtons } from "./network-scroll.js";
import { UnitTiles } from "./network-units.js";
import { NumberEditing } from "./number-editing.js";

/**
 * @typedef {import("./network-tiles.js").UnitIntent} UnitIntent
 * @typedef {import("./network-tiles.js").UnitKey} UnitKey
 * @typedef {import("./network-units.js").Layer} Layer
 * @typedef {{minimum: number, maximum: number}} Limits
 */

/**
 * @typedef {object} NetworkDiagramData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {"plane" | "curve"} kind
 * @property {readonly [number, number]} domain of a curve
 * @property {readonly string[]} features that can be chosen
 * @property {readonly string[]} chosen features
 * @property {readonly Layer[]} hidden layers; the same array while nothing changed
 * @property {number} outputs final units
 * @property {{layers: Limits, units: Limits, activations: readonly string[]}} offer
 * @property {boolean} hasRoom for one more layer of any kind
 * @property {number} weightsCount
 * @property {import("../core/weights.js").LayerWeights[] | null} weights null while they do not fit the network
 * @property {Float32Array[][] | null} tiles pictures of every unit, the final ones last
 * @property {number} tileSize
 * @property {import("./sample-dots.js").Paint} paint
 * @property {string} ink colour of a curve
 * @property {boolean} isDiscrete
 * @property {boolean} isTraining
 * @property {string} whyNot key of the sentence why no number can be changed now, "" when it can
 * @property {UnitKey | null} focus unit that is pointed at or pinned
 * @property {UnitKey | null} pinned
 */

/** @typedef {UnitIntent | {type: "set_layers", change: 1 | -1} | import("./layer-card.js").LayerIntent | import("./number-card.js").EditIntent} DiagramIntent */

class NetworkDiagram {
  /** @type {NetworkDiagramData | null} */
  #shown = null;

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: DiagramIntent) => void, now: () => number}} options
   */
  constructor(root, { onIntent, now }) {
    const card = find(root, "#network", HTMLElement);
    this.diagram = find(root, "#diagram", HTMLElement);
    this.paper = find(this.diagram, ".diagram__paper", HTMLElement);
    this.svg = find(this.diagram, "svg", SVGElement);
    this.renderHead = createNetworkHead(root, onIntent);
    this.layerCard = new LayerCard(card, onIntent);
    this.lines = new ConnectionLines(this.diagram, { now, nameOf: (key) => this.#nameOf(key) });
    const nameOf = (/** @type {any} */ key) => this.#longNameOf(key);
    this.editing = new NumberEditing(card, { paper: this.paper, lines: this.lines, onIntent, nameOf });
    this.units = new UnitTiles(find(this.diagram, ".diagram__units", HTMLElement), {
      onIntent,
      onSettings: (layer, button) => this.#shown && this.layerCard.open(layer, button, this.#shown),
      onBias: (key, square) => this.editing.openBias(key, square),
    });
    this.callouts = new Callouts(this.diagram);
    this.updateScroll = createScrollButtons(this.diagram);
    this.resized = new ResizeObserver(() => this.#arrange());
    this.resized.observe(this.diagram);
  }

  /** @param {NetworkDiagramData} data @param {NetworkDiagramData | null} before */
  render(data, before) {
    this.#shown = data;
    const changed = changedNames(data, before);
    const isRearranged = changed.has("features", "chosen", "hidden", "outputs", "translator", "offer", "paint");
    if (isRearranged) {
      this.#arrange();
      this.renderHead(data);
      this.layerCard.refresh(data);
    }
    if (changed.has("paint", "features", "kind", "domain", "ink")) this.units.drawInputs(data.features, data);
    if (isRearranged || changed.has("weights", "tiles", "isDiscrete", "ink")) this.#drawNumbers(data);
    if (isRearranged || changed.has("weights", "whyNot")) this.editing.refresh(data);
    if (changed.has("isTraining")) this.#setTraining(data.isTraining);
    if (isRearranged || changed.has("focus")) this.lines.emphasize(data.focus);
    if (changed.has("pinned")) this.units.markPinned(data.pinned);
  }

  /** @param {UnitKey} key */
  focusUnit(key) {
    this.units.focus(key);
  }

  /** @param {boolean} isTraining */
  #setTraining(isTraining) {
    this.diagram.dataset.training = String(isTraining);
    this.lines.setTraining(isTraining);
  }

  #arrange() {
    if (!this.#shown || !this.diagram.clientWidth) return;
    const { features, chosen, hidden, outputs, offer, translator, weights, pinned, paint } = this.#shown;
    const coarse = window.matchMedia("(pointer: coarse)").matches;
    const layout = networkLayout({
      width: this.diagram.clientWidth,
      // Under fingers the drawing decides the height of its card, elsewhere the card that of the drawing.
      height: coarse ? 0 : this.diagram.clientHeight,
      inputCount: features.length,
      units: hidden.map(({ units }) => units),
      outputs,
      coarse,
    });
    this.paper.style.width = `${layout.width}px`;
    this.paper.style.height = `${layout.height}px`;
    this.svg.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
    this.units.arrange(layout, { features, chosen, hidden, outputs, limits: offer.units, translator, paint });
    const inputs = layout.inputs.filter((_place, index) => chosen.includes(features[index]));
    const lines = this.lines.arrange(layout, inputs);
    this.lines.draw(weights, translator.language);
    this.units.markPinned(pinned);
    this.callouts.arrange({ layout, lines }, translator);
    this.updateScroll(translator);
  }

  /** @param {NetworkDiagramData} data */
  #drawNumbers(data) {
    const { weights, tiles, paint, translator } = data;
    if (tiles) this.units.drawUnits({ ...data, tiles }, data);
    if (weights) this.units.drawBiases(weights, paint.ramp);
    this.lines.draw(weights, translator.language);
  }

  /** @param {{layer: number, row: number, unit: number}} key @returns {{from: string, to: string}} */
  #nameOf({ layer, row, unit }) {
    if (!this.#shown) return { from: "", to: "" };
    const { translator, chosen, hidden, outputs } = this.#shown;
    const name = (/** @type {number} */ each) => translator.t("unit.short", { unit: each + 1 });
    const final =
      outputs === 1 ? translator.t("unit.final").toLowerCase() : translator.t("class.name", { class: unit });
    return {
      from: layer === 0 ? getFeature(chosen[row]).label : name(row),
      to: layer === hidden.length ? final : name(unit),
    };
  }

  /** @param {number} layer @param {number} unit */
  #inlineName(layer, unit) {
    if (!this.#shown) return "";
    const { translator, hidden, outputs } = this.#shown;
    if (layer < hidden.length) return translator.t("unit.inline", { unit: unit + 1, layer: layer + 1 });
    return translator.t(outputs === 1 ? "unit.final_inline" : "unit.class_inline", { class: unit });
  }

  /** @param {import("./number-card.js").NumberKey} key */
  #longNameOf({ layer, unit, row }) {
    if (!this.#shown) return "";
    const { translator, chosen } = this.#shown;
    const to = this.#inlineName(layer, unit);
    if (row === null) return translator.t("edit.bias", { unit: to });
    const from = layer === 0 ? getFeature(chosen[row]).label : this.#inlineName(layer - 1, row);
    return translator.t("edit.weight", { from, to });
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: DiagramIntent) => void, now: () => number}} options
 */
export function createNetworkDiagramView(root, options) {
  const view = new NetworkDiagram(root, options);
  const render = whenChanged((/** @type {NetworkDiagramData} */ data, before) => view.render(data, before));
  const focusUnit = (/** @type {UnitKey} */ key) => view.focusUnit(key);
  return { render, focusUnit, destroy: () => view.resized.disconnect() };
}
