/** All tiles of a network: inputs to switch on and off, hidden units, the final unit, and the buttons above each layer. */

import { colorOf } from "../core/color.js";
import { features } from "../core/features.js";
import { featureGrid } from "../core/grid.js";
import { find } from "./elements.js";
import { drawGrid } from "./heatmap.js";
import { makeFeatureTile, makeLayerHead, makeUnitTile, renderLayerHead } from "./network-tiles.js";

/**
 * @typedef {import("../core/network-layout.js").Place} Place
 * @typedef {import("../core/network-layout.js").NetworkLayout} NetworkLayout
 * @typedef {import("../i18n/i18n.js").Translator} Translator
 * @typedef {import("./network-tiles.js").UnitKey} UnitKey
 * @typedef {{minimum: number, maximum: number}} Limits
 * @typedef {{chosen: readonly string[], units: readonly number[], limits: Limits, translator: Translator}} Network
 */

const featureSize = 32;
const roomySpacing = 132;

/** @type {Record<string, [number, number]>} layers and units to go */
const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** The tiles of one diagram. */
export class UnitTiles {
  /** @type {Map<string, HTMLElement>} by key, so that a tile in use stays the same element and keeps the focus */
  #elements = new Map();
  /** @type {Set<string>} */
  #wanted = new Set();

  /**
   * @param {HTMLElement} root where the tiles go
   * @param {import("./network-tiles.js").OnIntent} onIntent
   */
  constructor(root, onIntent) {
    this.root = root;
    this.onIntent = onIntent;
    root.addEventListener("keydown", (key) => this.#moveFocus(key));
  }

  /** @param {NetworkLayout} layout @param {Network} network */
  arrange(layout, network) {
    this.#wanted = new Set();
    this.root.style.setProperty("--tile", `${layout.tile}px`);
    features.forEach(({ name }, index) => {
      this.#arrangeFeature(name, layout.inputs[index], network);
    });
    network.units.forEach((_count, layer) => {
      this.#arrangeLayer(layer, layout, network);
    });
    this.#arrangeUnit(
      { layer: network.units.length, unit: 0 },
      layout.output,
      network.translator.t("unit.final"),
      true,
    );
    this.#removeUnwanted();
    this.#keepOneTabStop();
  }

  /** @param {Uint32Array} ramp */
  drawInputs(ramp) {
    for (const { name } of features) {
      const tile = this.#elements.get(`input-${name}`);
      if (!tile) continue;
      drawGrid(find(tile, "canvas", HTMLCanvasElement), featureGrid(name, featureSize), { size: featureSize, ramp });
    }
  }

  /**
   * @param {{tiles: Float32Array[][], tileSize: number, ramp: Uint32Array, isDiscrete: boolean}} pictures
   */
  drawUnits({ tiles, tileSize, ramp, isDiscrete }) {
    for (const { tile, layer, unit } of this.#units()) {
      const grid = tiles[layer]?.[unit];
      if (!grid) continue;
      drawGrid(/** @type {HTMLCanvasElement} */ (tile.firstElementChild), grid, { size: tileSize, ramp, isDiscrete });
      tile.classList.remove("skeleton");
    }
  }

  /** @param {import("../core/weights.js").LayerWeights[]} weights @param {Uint32Array} ramp */
  drawBiases(weights, ramp) {
    for (const { tile, layer, unit } of this.#units()) {
      const square = /** @type {HTMLElement} */ (tile.lastElementChild);
      square.style.backgroundColor = colorOf(ramp, weights[layer]?.bias[unit] ?? 0);
    }
  }

  /** @param {UnitKey | null} pinned */
  markPinned(pinned) {
    for (const { tile, layer, unit } of this.#units()) {
      tile.setAttribute("aria-pressed", String(pinned !== null && layer === pinned.layer && unit === pinned.unit));
    }
  }

  /** @returns {{tile: HTMLElement, layer: number, unit: number}[]} */
  #units() {
    const tiles = /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(".tile--unit"));
    return [...tiles].map((tile) => ({ tile, layer: Number(tile.dataset.layer), unit: Number(tile.dataset.unit) }));
  }

  /** @param {string} key @param {() => HTMLElement} build @param {Place} place */
  #put(key, build, place) {
    const element = this.#elements.get(key) ?? build();
    this.#elements.set(key, element);
    this.#wanted.add(key);
    element.style.left = `${place.x}px`;
    element.style.top = `${place.y}px`;
    if (element.parentNode !== this.root) this.root.append(element);
    return element;
  }

  /** @param {string} name @param {Place} place @param {Network} network */
  #arrangeFeature(name, place, { chosen, translator }) {
    const tile = this.#put(`input-${name}`, () => makeFeatureTile(name, this.onIntent), place);
    tile.setAttribute("aria-pressed", String(chosen.includes(name)));
    tile.setAttribute("aria-label", translator.t(`feature.${name}`));
  }

  /** @param {number} layer @param {NetworkLayout} layout @param {Network} network */
  #arrangeLayer(layer, layout, { units, limits, translator }) {
    const places = layout.layers[layer];
    const head = this.#put(`head-${layer}`, () => makeLayerHead(layer, this.onIntent), { x: places[0].x, y: 0 });
    const isRoomy = layout.spacing >= roomySpacing;
    renderLayerHead(head, { layer, count: units[layer], limits, translator, isRoomy });
    places.forEach((place, unit) => {
      this.#arrangeUnit({ layer, unit }, place, translator.t("unit.name", { unit: unit + 1, layer: layer + 1 }));
    });
  }

  /** @param {UnitKey} key @param {Place} place @param {string} name @param {boolean} isFinal */
  #arrangeUnit(key, place, name, isFinal = false) {
    const id = `unit-${key.layer}-${key.unit}${isFinal ? "-final" : ""}`;
    const tile = this.#put(id, () => makeUnitTile(key, this.onIntent), place);
    tile.setAttribute("aria-label", name);
    tile.classList.toggle("tile--final", isFinal);
  }

  #removeUnwanted() {
    for (const [key, element] of this.#elements) {
      if (this.#wanted.has(key)) continue;
      element.remove();
      this.#elements.delete(key);
    }
  }

  /** One stop for the Tab key; the arrow keys go from unit to unit. */
  #keepOneTabStop() {
    const units = this.#units();
    if (!units.some(({ tile }) => tile.tabIndex === 0)) units[0].tile.tabIndex = 0;
  }

  /** @param {KeyboardEvent} key */
  #moveFocus(key) {
    const tile = /** @type {HTMLElement} */ (key.target);
    const move = moves[key.key];
    if (!move || !tile.classList.contains("tile--unit")) return;
    const column = this.#units().filter(({ layer }) => layer === Number(tile.dataset.layer) + move[0]);
    const wanted = Math.min(column.length - 1, Math.max(0, Number(tile.dataset.unit) + move[1]));
    const next = column.find(({ unit }) => unit === wanted)?.tile;
    if (!next) return;
    key.preventDefault();
    tile.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
