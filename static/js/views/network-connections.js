/** The lines between units: width and opacity by size, colour and dashes by sign, and a number for the one that is pointed at. */

import { lineAt, linesBetween, nearestLine } from "../core/connections.js";
import { formatSigned } from "../core/format.js";
import { connectionPath } from "../core/network-layout.js";
import { strokeOf, weightAt } from "../core/weights.js";
import { find, makeSvg, setText } from "./elements.js";

/**
 * @typedef {import("../core/network-layout.js").Place} Place
 * @typedef {import("../core/network-layout.js").NetworkLayout} NetworkLayout
 * @typedef {import("../core/weights.js").LayerWeights} LayerWeights
 * @typedef {import("../core/connections.js").ConnectionKey} ConnectionKey
 * @typedef {import("../core/connections.js").Line & {path: SVGElement, drawn: string}} Connection
 * @typedef {(key: ConnectionKey) => {from: string, to: string}} NameOf
 */

/** How often lines are drawn anew: the more there are, the more time they leave to the pictures. */
const shortestRestMs = 33;
const restMsOfLine = 0.16;
/** Above this number they do not flow: nobody could follow one of them. */
const mostFlowing = 700;
/** Pixels a second. */
const flowSpeed = 26;

/** The lines of one diagram. */
export class ConnectionLines {
  /** @type {Connection[]} */
  #connections = [];
  /** @type {Connection | null} */
  #pointed = null;
  /** @type {Place} where on the line its number stands */
  #chipPlace = { x: 0, y: 0 };
  /** @type {LayerWeights[] | null} */
  #weights = null;
  #language = "en";
  #tile = 0;
  #isStale = false;
  #isFlowing = false;
  #isWaiting = false;
  #drawnAt = -Infinity;
  #offset = 0;

  /**
   * @param {HTMLElement} root the diagram
   * @param {{now: () => number, nameOf: NameOf}} options
   */
  constructor(root, { now, nameOf }) {
    this.root = root;
    this.now = now;
    this.nameOf = nameOf;
    this.lines = find(root, ".connections", SVGElement);
    this.forward = find(root, ".forward", SVGElement);
    this.chip = find(root, ".weight-chip", HTMLElement);
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** @param {NetworkLayout} layout @param {Place[]} inputs chosen ones @returns {readonly Connection[]} */
  arrange(layout, inputs) {
    this.#tile = layout.tile;
    this.#connections = linesBetween([inputs, ...layout.layers, layout.outputs]).map((line) => ({
      ...line,
      path: makeSvg("path", { d: connectionPath(line.from, line.to, layout.tile) }),
      drawn: "",
    }));
    this.lines.replaceChildren(...this.#connections.map(({ path }) => path));
    this.point(null);
    this.#drawnAt = -Infinity;
    return this.#connections;
  }

  /** @param {LayerWeights[] | null} weights @param {string} language */
  draw(weights, language) {
    this.#weights = weights;
    this.#language = language;
    this.#isStale = weights !== null;
    if (!weights) return;
    this.#renderChip();
    this.#beat();
  }

  /** @param {boolean} isTraining weights flow along their lines and stop when it stops */
  setTraining(isTraining) {
    this.#isFlowing = isTraining;
    this.#beat();
  }

  /** @param {{layer: number, unit: number} | null} focus its incoming lines come forward */
  emphasize(focus) {
    this.root.dataset.focused = String(focus !== null);
    for (const { layer, unit, path } of this.#connections) {
      path.classList.toggle("is-incoming", focus !== null && layer === focus.layer && unit === focus.unit);
    }
  }

  /** @param {Place} place @param {number} reach in pixels @returns {Connection | null} */
  near(place, reach) {
    return nearestLine(this.#connections, place, { tile: this.#tile, reach });
  }

  /** @param {Connection | null} connection comes forward with its number @param {number} [x] where it is pointed at */
  point(connection, x = 0) {
    if (connection) this.#chipPlace = { x, y: lineAt(connection, this.#tile, x)?.y ?? connection.from.y };
    const isOther = connection !== this.#pointed;
    this.#pointed = connection;
    if (isOther) {
      this.forward.setAttribute("d", connection?.path.getAttribute("d") ?? "");
      this.chip.hidden = connection === null;
    }
    this.#renderChip();
  }

  get #canFlow() {
    return this.#isFlowing && !this.calm.matches && this.#connections.length <= mostFlowing;
  }

  /** One beat draws what is new and lets the lines flow on; there is a next one while there is something to do. */
  #beat() {
    if (this.#isWaiting || !(this.#isStale || this.#canFlow)) return;
    const since = this.now() - this.#drawnAt;
    if (since >= Math.max(shortestRestMs, this.#connections.length * restMsOfLine)) this.#drawAll(since);
    if (!(this.#isStale || this.#canFlow)) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#beat();
    });
  }

  /** @param {number} since milliseconds */
  #drawAll(since) {
    this.#drawnAt = this.now();
    if (this.#isStale && this.#weights) for (const connection of this.#connections) drawLine(connection, this.#weights);
    this.#isStale = false;
    if (!this.#canFlow) return;
    // One number for all lines, which they inherit: an animation of each of them costs three times as much.
    this.#offset -= (Math.min(since, 200) / 1000) * flowSpeed;
    this.lines.style.strokeDashoffset = this.#offset.toFixed(1);
  }

  #renderChip() {
    if (!this.#pointed || !this.#weights) return;
    const { layer, row, unit } = this.#pointed;
    const weight = weightAt(this.#weights[layer], row, unit);
    const names = this.nameOf(this.#pointed);
    setText(this.chip, `${names.from} → ${names.to}: ${formatSigned(weight, this.#language)}`);
    this.chip.style.left = `${this.#chipPlace.x}px`;
    this.chip.style.top = `${this.#chipPlace.y}px`;
    this.forward.dataset.sign = weight < 0 ? "negative" : "positive";
    this.forward.style.strokeWidth = String(strokeOf(weight).width + 1.5);
  }
}

/** @param {Connection} connection @param {LayerWeights[]} weights */
function drawLine(connection, weights) {
  const weight = weightAt(weights[connection.layer], connection.row, connection.unit);
  const { width, opacity } = strokeOf(weight);
  const drawn = `stroke-width:${width.toFixed(1)};stroke-opacity:${opacity.toFixed(2)}`;
  const sign = weight < 0 ? "negative" : "positive";
  if (drawn !== connection.drawn) connection.path.setAttribute("style", drawn);
  connection.drawn = drawn;
  if (connection.path.dataset.sign !== sign) connection.path.dataset.sign = sign;
}
