/** Which number of the drawing is meant by a pointer, and the card that changes it. */

import { NumberCard } from "./number-card.js";

/**
 * @typedef {import("./number-card.js").NumberKey} NumberKey
 * @typedef {import("./number-card.js").NumberCardData} NumberCardData
 * @typedef {import("./network-connections.js").ConnectionLines} ConnectionLines
 */

/** From a line to a pointer that means it, in pixels: half of what can be hit. */
const reachOfMouse = 7;
const reachOfFinger = 22;

/** Whatever can be pressed itself. */
const others = "button, .weight-chip";

/** Opens the card of a line or of a bias. */
export class NumberEditing {
  /** @type {NumberCardData | null} */
  #shown = null;

  /**
   * @param {HTMLElement} parent of the card
   * @param {{paper: HTMLElement, lines: ConnectionLines, onIntent: (intent: import("./number-card.js").EditIntent) => void, nameOf: (key: NumberKey) => string}} options
   */
  constructor(parent, { paper, lines, onIntent, nameOf }) {
    this.paper = paper;
    this.lines = lines;
    this.card = new NumberCard(parent, { onIntent, nameOf, onClose: () => lines.point(null) });
    paper.addEventListener("pointermove", (pointer) => this.#hover(pointer));
    paper.addEventListener("pointerleave", () => this.#leave());
    paper.addEventListener("click", (click) => this.#press(/** @type {PointerEvent} */ (click)));
  }

  /** @param {NumberCardData} data */
  refresh(data) {
    const isOther = this.#shown !== null && (this.#shown.weights === null) !== (data.weights === null);
    this.#shown = data;
    if (isOther && data.weights === null) this.card.close();
    this.card.refresh(data);
  }

  /** @param {{layer: number, unit: number}} key @param {HTMLElement} square */
  openBias(key, square) {
    if (!this.#shown) return;
    this.lines.point(null);
    const place = { anchor: square.getBoundingClientRect(), opener: square };
    this.card.open({ ...key, row: null }, place, this.#shown);
  }

  /** @param {PointerEvent} pointer */
  #found(pointer) {
    if (/** @type {Element} */ (pointer.target).closest(others)) return null;
    const box = this.paper.getBoundingClientRect();
    const place = { x: pointer.clientX - box.left, y: pointer.clientY - box.top };
    const connection = this.lines.near(place, pointer.pointerType === "touch" ? reachOfFinger : reachOfMouse);
    return connection && { connection, x: place.x };
  }

  /** @param {PointerEvent} pointer */
  #hover(pointer) {
    if (pointer.pointerType !== "mouse" || this.card.key) return;
    const found = this.#found(pointer);
    this.paper.classList.toggle("is-on-line", found !== null);
    this.lines.point(found?.connection ?? null, found?.x);
  }

  #leave() {
    if (!this.card.key) this.lines.point(null);
  }

  /** @param {PointerEvent} pointer */
  #press(pointer) {
    const found = this.#found(pointer);
    if (!found || !this.#shown) return;
    const { layer, row, unit } = found.connection;
    this.lines.point(found.connection, found.x);
    const { clientX: left, clientY: top } = pointer;
    const anchor = { left, right: left, top: top - 12, bottom: top + 12 };
    this.card.open({ layer, row, unit }, { anchor, opener: null }, this.#shown);
  }
}
