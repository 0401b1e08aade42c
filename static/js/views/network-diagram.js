/** The network as a drawing: features on the left, the final unit on the right, every weight a line. */

import { features, getFeature } from "../core/features.js";
import { formatCount } from "../core/format.js";
import { networkLayout } from "../core/network-layout.js";
import { changedNames, find, setText, whenChanged } from "./elements.js";
import { ConnectionLines } from "./network-connections.js";
import { UnitTiles } from "./network-units.js";

/**
 * @typedef {import("./network-tiles.js").UnitIntent} UnitIntent
 * @typedef {import("./network-tiles.js").UnitKey} UnitKey
 * @typedef {{minimum: number, maximum: number}} Limits
 */

/**
 * @typedef {object} NetworkDiagramData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {readonly string[]} chosen features
 * @property {readonly number[]} units of each hidden layer; the same array while nothing changed
 * @property {{layers: Limits, units: Limits}} offer
 * @property {number} weightsCount
 * @property {import("../core/weights.js").LayerWeights[] | null} weights null while they do not fit the network
 * @property {Float32Array[][] | null} tiles pictures of every unit, the final one last
 * @property {number} tileSize
 * @property {Uint32Array} ramp
 * @property {boolean} isDiscrete
 * @property {boolean} isTraining
 * @property {UnitKey | null} focus unit that is pointed at or pinned
 * @property {UnitKey | null} pinned
 */

/** @typedef {UnitIntent | {type: "set_layers", change: 1 | -1}} DiagramIntent */

class NetworkDiagram {
  /** @type {NetworkDiagramData | null} */
  #shown = null;

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: DiagramIntent) => void, now: () => number}} options
   */
  constructor(root, { onIntent, now }) {
    this.diagram = find(root, "#diagram", HTMLElement);
    this.paper = find(this.diagram, ".diagram__paper", HTMLElement);
    this.svg = find(this.diagram, "svg", SVGElement);
    this.fewer = find(root, "#remove-layer", HTMLButtonElement);
    this.more = find(root, "#add-layer", HTMLButtonElement);
    this.layerCount = find(root, "#layer-count", HTMLElement);
    this.weightsChip = find(root, "#weights-count", HTMLElement);
    this.fewer.onclick = () => onIntent({ type: "set_layers", change: -1 });
    this.more.onclick = () => onIntent({ type: "set_layers", change: 1 });
    this.units = new UnitTiles(find(this.diagram, ".diagram__units", HTMLElement), onIntent);
    this.lines = new ConnectionLines(this.diagram, { now, nameOf: (key) => this.#nameOf(key) });
    this.resized = new ResizeObserver(() => this.#arrange());
    this.resized.observe(this.diagram);
  }

  /** @param {NetworkDiagramData} data @param {NetworkDiagramData | null} before */
  render(data, before) {
    this.#shown = data;
    const changed = changedNames(data, before);
    const isRearranged = changed.has("chosen", "units", "translator", "offer");
    if (isRearranged) {
      this.#arrange();
      this.#renderHead(data);
    }
    if (changed.has("ramp")) this.units.drawInputs(data.ramp);
    if (isRearranged || changed.has("weights", "tiles", "ramp", "isDiscrete")) this.#drawNumbers(data);
    if (changed.has("isTraining")) this.diagram.dataset.training = String(data.isTraining);
    if (isRearranged || changed.has("focus")) this.lines.emphasize(data.focus);
    if (changed.has("pinned")) this.units.markPinned(data.pinned);
  }

  #arrange() {
    if (!this.#shown || !this.diagram.clientWidth) return;
    const { chosen, units, offer, translator, weights, pinned } = this.#shown;
    const layout = networkLayout({
      width: this.diagram.clientWidth,
      height: this.diagram.clientHeight,
      inputCount: features.length,
      units,
      coarse: window.matchMedia("(pointer: coarse)").matches,
    });
    this.paper.style.width = `${layout.width}px`;
    this.paper.style.height = `${layout.height}px`;
    this.svg.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
    this.units.arrange(layout, { chosen, units, limits: offer.units, translator });
    const inputs = layout.inputs.filter((_place, index) => chosen.includes(features[index].name));
    this.lines.arrange(layout, inputs);
    this.lines.draw(weights, translator.language);
    this.units.markPinned(pinned);
  }

  /** @param {NetworkDiagramData} data */
  #renderHead({ translator, units, offer, weightsCount }) {
    const { t, language } = translator;
    setText(this.layerCount, t("layer.count", { count: units.length }));
    const count = formatCount(weightsCount, language);
    setText(this.weightsChip, t("weights.count", { count, amount: weightsCount }));
    this.fewer.disabled = units.length <= offer.layers.minimum;
    this.more.disabled = units.length >= offer.layers.maximum;
  }

  /** @param {NetworkDiagramData} data */
  #drawNumbers({ weights, tiles, tileSize, ramp, isDiscrete, translator }) {
    if (tiles) this.units.drawUnits({ tiles, tileSize, ramp, isDiscrete });
    if (weights) this.units.drawBiases(weights, ramp);
    this.lines.draw(weights, translator.language);
  }

  /** @param {{layer: number, row: number, unit: number}} key @returns {{from: string, to: string}} */
  #nameOf({ layer, row, unit }) {
    if (!this.#shown) return { from: "", to: "" };
    const { translator, chosen, units } = this.#shown;
    const name = (/** @type {number} */ each) => translator.t("unit.short", { unit: each + 1 });
    return {
      from: layer === 0 ? getFeature(chosen[row]).label : name(row),
      to: layer === units.length ? translator.t("unit.final").toLowerCase() : name(unit),
    };
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: DiagramIntent) => void, now: () => number}} options
 */
export function createNetworkDiagramView(root, options) {
  const view = new NetworkDiagram(root, options);
  const render = whenChanged((/** @type {NetworkDiagramData} */ data, before) => view.render(data, before));
  return { render, destroy: () => view.resized.disconnect() };
}
