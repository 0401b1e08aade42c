/** All tiles of a network: inputs to switch on and off, hidden and final units, their biases, and what stands above each layer. */

import { colorOf } from "../core/color.js";
import { curveInputs, featureGrid } from "../core/grid.js";
import { classMark } from "./class-shares.js";
import { drawCurveTile } from "./curve-tile.js";
import { find } from "./elements.js";
import { drawGrid } from "./heatmap.js";
import { makeBiasSquare, makeFeatureTile, makeLayerHead, makeUnitTile, renderLayerHead } from "./network-tiles.js";
import { labelColor } from "./sample-dots.js";

/**
 * @typedef {import("../core/network-layout.js").Place} Place
 * @typedef {import("../core/network-layout.js").NetworkLayout} NetworkLayout
 * @typedef {import("../i18n/i18n.js").Translator} Translator
 * @typedef {import("./network-tiles.js").UnitKey} UnitKey
 * @typedef {import("./sample-dots.js").Paint} Paint
 * @typedef {{minimum: number, maximum: number}} Limits
 * @typedef {{units: number, activation: string, isNormalized: boolean, dropout: number}} Layer
 * @typedef {{tile: HTMLElement, canvas: HTMLCanvasElement, square: HTMLElement, layer: number, unit: number, color: string}} Unit
 */

/**
 * @typedef {object} Network
 * @property {readonly string[]} features that can be chosen
 * @property {readonly string[]} chosen
 * @property {readonly Layer[]} hidden
 * @property {number} outputs
 * @property {Limits} limits of the units of a layer
 * @property {Translator} translator
 * @property {Paint} paint
 */

/**
 * @typedef {object} UnitOptions
 * @property {import("./network-tiles.js").OnIntent} onIntent
 * @property {(layer: number, button: HTMLElement) => void} onSettings
 * @property {(key: UnitKey, square: HTMLElement) => void} onBias
 */

/** @typedef {{kind: "plane" | "curve", domain: readonly [number, number], paint: Paint, ink: string}} Style */

const featureSize = 32;
const curveSize = 61;
const wordSpacing = 136;

/** @type {Record<string, [number, number]>} layers and units to go */
const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** The tiles of one diagram. */
export class UnitTiles {
  /** @type {Map<string, HTMLElement>} by key, so that a tile in use stays the same element and keeps the focus */
  #elements = new Map();
  /** @type {Set<string>} */
  #wanted = new Set();
  /** @type {Unit[]} */
  #units = [];

  /**
   * @param {HTMLElement} root where the tiles go
   * @param {UnitOptions} options
   */
  constructor(root, options) {
    this.root = root;
    this.options = options;
    root.addEventListener("keydown", (key) => this.#moveFocus(key));
  }

  /** @param {NetworkLayout} layout @param {Network} network */
  arrange(layout, network) {
    this.#wanted = new Set();
    this.#units = [];
    this.root.style.setProperty("--tile", `${layout.tile}px`);
    network.features.forEach((name, index) => {
      this.#arrangeFeature(name, layout.inputs[index], network);
    });
    network.hidden.forEach((_layer, layer) => {
      this.#arrangeLayer(layer, layout, network);
    });
    layout.outputs.forEach((place, unit) => {
      this.#arrangeFinal(unit, place, network);
    });
    this.#removeUnwanted();
    this.#keepOneTabStop();
  }

  /** @param {readonly string[]} names @param {Style} style */
  drawInputs(names, { kind, domain, paint, ink }) {
    for (const name of names) {
      const tile = this.#elements.get(`input-${name}`);
      if (!tile) continue;
      const canvas = find(tile, "canvas", HTMLCanvasElement);
      if (kind === "curve") drawCurveTile(canvas, curveInputs([name], curveSize, domain), { ramp: paint.ramp, ink });
      else drawGrid(canvas, featureGrid(name, featureSize), { size: featureSize, ramp: paint.ramp });
    }
  }

  /**
   * @param {{tiles: Float32Array[][], tileSize: number, isDiscrete: boolean}} pictures
   * @param {Style} style
   */
  drawUnits({ tiles, tileSize, isDiscrete }, { kind, paint, ink }) {
    const isOfClasses = (paint.classes ?? 0) > 2;
    for (const { tile, canvas, layer, unit } of this.#units) {
      const grid = tiles[layer]?.[unit];
      if (!grid) continue;
      const ramp = isOfClasses && layer === tiles.length - 1 ? paint.classRamps[unit] : paint.ramp;
      if (kind === "curve") drawCurveTile(canvas, grid, { ramp, ink });
      else {
        const reach = layer === tiles.length - 1 ? paint.reach : 1;
        drawGrid(canvas, grid, { size: tileSize, ramp, isDiscrete: isDiscrete && ramp === paint.ramp, reach });
      }
      tile.classList.remove("skeleton");
    }
  }

  /** @param {import("../core/weights.js").LayerWeights[]} weights @param {Uint32Array} ramp */
  drawBiases(weights, ramp) {
    for (const each of this.#units) {
      const color = colorOf(ramp, weights[each.layer]?.bias[each.unit] ?? 0);
      if (color === each.color) continue;
      each.color = color;
      each.square.style.setProperty("--bias", color);
    }
  }

  /** @param {UnitKey | null} pinned */
  markPinned(pinned) {
    for (const { tile, layer, unit } of this.#units) {
      tile.setAttribute("aria-pressed", String(pinned !== null && layer === pinned.layer && unit === pinned.unit));
    }
  }

  /** @param {UnitKey} key */
  focus(key) {
    this.#units.find(({ layer, unit }) => layer === key.layer && unit === key.unit)?.tile.focus();
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
    const tile = this.#put(`input-${name}`, () => makeFeatureTile(name, this.options.onIntent), place);
    tile.setAttribute("aria-pressed", String(chosen.includes(name)));
    tile.setAttribute("aria-label", translator.t(`feature.${name}`));
  }

  /** @param {number} layer @param {NetworkLayout} layout @param {Network} network */
  #arrangeLayer(layer, layout, network) {
    const { hidden, limits, translator } = network;
    const places = layout.layers[layer];
    const head = this.#put(`head-${layer}`, () => makeLayerHead(layer, this.options), { x: places[0].x, y: 0 });
    const { isStacked, spacing } = layout;
    renderLayerHead(head, {
      layer,
      shown: hidden[layer],
      limits,
      translator,
      isStacked,
      hasWords: !isStacked || spacing >= wordSpacing,
    });
    places.forEach((place, unit) => {
      const names = { unit: unit + 1, layer: layer + 1 };
      const inline = translator.t("unit.inline", names);
      this.#arrangeUnit({ layer, unit }, place, { id: "", name: translator.t("unit.name", names), inline, translator });
    });
  }

  /** @param {number} unit @param {Place} place @param {Network} network */
  #arrangeFinal(unit, place, { hidden, outputs, translator, paint }) {
    const isAlone = outputs === 1;
    const named = (/** @type {string} */ end) =>
      translator.t(isAlone ? `unit.final${end}` : `unit.class${end}`, { class: unit });
    const tile = this.#arrangeUnit({ layer: hidden.length, unit }, place, {
      id: `-final-${outputs}`,
      name: named(""),
      inline: named("_inline"),
      translator,
    });
    tile.classList.add("tile--final");
    tile.querySelector(".class-mark")?.remove();
    tile.style.removeProperty("--tint");
    if (isAlone) return;
    const color = labelColor(unit, paint);
    tile.style.setProperty("--tint", color);
    tile.append(classMark(unit, color));
  }

  /**
   * @param {UnitKey} key
   * @param {Place} place
   * @param {{id: string, name: string, inline: string, translator: Translator}} names
   */
  #arrangeUnit(key, place, { id, name, inline, translator }) {
    const { layer, unit } = key;
    const tile = this.#put(`unit-${layer}-${unit}${id}`, () => makeUnitTile(key, this.options.onIntent), place);
    const square = this.#put(`bias-${layer}-${unit}`, () => makeBiasSquare(key, this.options), place);
    tile.setAttribute("aria-label", name);
    square.setAttribute("aria-label", translator.t("edit.bias", { unit: inline }));
    this.#units.push({ tile, canvas: find(tile, "canvas", HTMLCanvasElement), square, layer, unit, color: "" });
    return tile;
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
    if (!this.#units.some(({ tile }) => tile.tabIndex === 0)) this.#units[0].tile.tabIndex = 0;
  }

  /** @param {KeyboardEvent} key */
  #moveFocus(key) {
    const tile = /** @type {HTMLElement} */ (key.target);
    const move = moves[key.key];
    if (!move || !tile.classList.contains("tile--unit")) return;
    const column = this.#units.filter(({ layer }) => layer === Number(tile.dataset.layer) + move[0]);
    const wanted = Math.min(column.length - 1, Math.max(0, Number(tile.dataset.unit) + move[1]));
    const next = column.find(({ unit }) => unit === wanted)?.tile;
    if (!next) return;
    key.preventDefault();
    tile.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
