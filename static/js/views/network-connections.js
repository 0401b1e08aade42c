/** The lines between units: width and opacity by size, colour by sign, and a number for the one that is pointed at. */

import { formatSigned } from "../core/format.js";
import { connectionPath } from "../core/network-layout.js";
import { strokeOf, weightAt } from "../core/weights.js";
import { find, makeSvg, setText } from "./elements.js";

/**
 * @typedef {import("../core/network-layout.js").Place} Place
 * @typedef {import("../core/network-layout.js").NetworkLayout} NetworkLayout
 * @typedef {import("../core/weights.js").LayerWeights} LayerWeights
 * @typedef {{layer: number, row: number, unit: number}} ConnectionKey layer it goes to, row it comes from, unit it goes to
 * @typedef {ConnectionKey & {line: SVGElement, drawn: string, from: Place, to: Place}} Connection
 * @typedef {(key: ConnectionKey) => {from: string, to: string}} NameOf
 */

/** Above this number the lines neither flow nor change with every picture: the machine needs its time for the pictures. */
const manyConnections = 320;
const manyRestMs = 120;

/** The lines of one diagram. */
export class ConnectionLines {
  /** @type {Connection[]} */
  #connections = [];
  /** @type {Connection | null} */
  #pointed = null;
  /** @type {LayerWeights[] | null} */
  #weights = null;
  #language = "en";
  #drawnAt = -Infinity;

  /**
   * @param {HTMLElement} root the diagram
   * @param {{now: () => number, nameOf: NameOf}} options
   */
  constructor(root, { now, nameOf }) {
    this.root = root;
    this.now = now;
    this.nameOf = nameOf;
    this.lines = find(root, ".connections", SVGElement);
    this.reaches = find(root, ".reaches", SVGElement);
    this.forward = find(root, ".forward", SVGElement);
    this.chip = find(root, ".weight-chip", HTMLElement);
    root.addEventListener("pointerdown", (pointer) => {
      if (!this.reaches.contains(/** @type {Node} */ (pointer.target))) this.#point(null);
    });
  }

  /** @param {NetworkLayout} layout @param {Place[]} inputs chosen ones */
  arrange(layout, inputs) {
    const columns = [inputs, ...layout.layers, [layout.output]];
    this.#connections = columns
      .slice(1)
      .flatMap((places, layer) =>
        places.flatMap((to, unit) =>
          columns[layer].map((from, row) => this.#makeConnection({ layer, row, unit, from, to }, layout.tile)),
        ),
      );
    this.lines.replaceChildren(...this.#connections.map((connection) => connection.line));
    this.reaches.replaceChildren(...this.#connections.map((connection) => this.#makeReach(connection)));
    this.root.dataset.many = String(this.#connections.length > manyConnections);
    this.#point(null);
    this.#drawnAt = -Infinity;
  }

  /** @param {LayerWeights[] | null} weights @param {string} language */
  draw(weights, language) {
    this.#weights = weights;
    this.#language = language;
    if (!weights) return;
    this.#renderChip();
    if (this.#connections.length > manyConnections && this.now() - this.#drawnAt < manyRestMs) return;
    this.#drawnAt = this.now();
    for (const connection of this.#connections) drawLine(connection, weights);
  }

  /** @param {{layer: number, unit: number} | null} focus its incoming lines come forward */
  emphasize(focus) {
    this.root.dataset.focused = String(focus !== null);
    for (const { layer, unit, line } of this.#connections) {
      line.classList.toggle("is-incoming", focus !== null && layer === focus.layer && unit === focus.unit);
    }
  }

  /** @param {Omit<Connection, "line" | "drawn">} place @param {number} tile @returns {Connection} */
  #makeConnection(place, tile) {
    const line = makeSvg("path", { d: connectionPath(place.from, place.to, tile), "stroke-width": "1" });
    return { ...place, line, drawn: "" };
  }

  /** A line is thin; its reach is easy to hit. @param {Connection} connection */
  #makeReach(connection) {
    const reach = makeSvg("path", { d: connection.line.getAttribute("d") ?? "" });
    reach.addEventListener("pointerenter", () => this.#point(connection));
    reach.addEventListener("pointerdown", () => this.#point(connection));
    reach.addEventListener("pointerleave", (pointer) => {
      if (pointer.pointerType === "mouse") this.#point(null);
    });
    return reach;
  }

  /** @param {Connection | null} connection */
  #point(connection) {
    this.#pointed = connection;
    this.forward.setAttribute("d", connection?.line.getAttribute("d") ?? "");
    this.chip.hidden = connection === null;
    this.#renderChip();
  }

  #renderChip() {
    if (!this.#pointed || !this.#weights) return;
    const { layer, row, unit, from, to } = this.#pointed;
    const weight = weightAt(this.#weights[layer], row, unit);
    const names = this.nameOf(this.#pointed);
    setText(this.chip, `${names.from} → ${names.to}: ${formatSigned(weight, this.#language)}`);
    this.chip.style.left = `${(from.x + to.x) / 2}px`;
    this.chip.style.top = `${(from.y + to.y) / 2}px`;
    this.forward.dataset.sign = weight < 0 ? "negative" : "positive";
    this.forward.style.strokeWidth = String(strokeOf(weight).width + 1.5);
  }
}

/** @param {Connection} connection @param {LayerWeights[]} weights */
function drawLine(connection, weights) {
  const weight = weightAt(weights[connection.layer], connection.row, connection.unit);
  const { width, opacity } = strokeOf(weight);
  const sign = weight < 0 ? "negative" : "positive";
  const drawn = `${width.toFixed(1)} ${opacity.toFixed(2)} ${sign}`;
  if (drawn === connection.drawn) return;
  connection.drawn = drawn;
  connection.line.setAttribute("stroke-width", width.toFixed(1));
  connection.line.setAttribute("stroke-opacity", opacity.toFixed(2));
  connection.line.dataset.sign = sign;
}
