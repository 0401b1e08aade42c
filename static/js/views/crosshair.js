/** A place on the picture, by mouse, finger or arrow keys; and strokes over it, for samples that are laid by hand. */

import { find } from "./elements.js";

/**
 * @typedef {object} Place
 * @property {number} across 0 at the left edge to 1 at the right
 * @property {number} down 0 at the top to 1 at the bottom
 */

/** @typedef {"pointer" | "keys"} Means */

/**
 * @typedef {object} CrosshairOptions
 * @property {(place: Place | null, means: Means) => void} onMove null when nothing is pointed at any more
 * @property {(stroke: "begin" | "go on" | "end" | "give up", place: Place) => void} onStroke while strokes are wanted
 */

const step = 1 / 60;
const leap = 6;

/** @type {Record<string, [number, number]>} */
const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** @param {number} share */
const within = (share) => Math.min(1, Math.max(0, share));

class Crosshair {
  /** @type {Place} */
  #place = { across: 0.5, down: 0.5 };
  #hasKeys = false;
  #isStroking = false;
  wantsStrokes = false;

  /** @param {HTMLElement} field @param {CrosshairOptions} options */
  constructor(field, options) {
    this.field = field;
    this.options = options;
    field.onpointermove = (pointer) => this.#point(pointer);
    field.onpointerdown = (pointer) => this.#press(pointer);
    field.onpointerup = () => this.#finish("end");
    field.onpointercancel = () => this.#finish("give up");
    field.onpointerleave = () => this.#leave();
    field.onkeydown = (key) => this.#type(key);
    field.onfocus = () => this.#focus();
    field.onblur = () => this.#hide();
  }

  /** @param {Place} place where the lines of the keyboard's cross stand */
  #show(place) {
    this.#place = { across: within(place.across), down: within(place.down) };
    this.field.style.setProperty("--across", `${this.#place.across * 100}%`);
    this.field.style.setProperty("--down", `${this.#place.down * 100}%`);
  }

  #focus() {
    // A click brings the focus too, but then nobody asked for the cross.
    if (!this.field.matches(":focus-visible")) return;
    this.#hasKeys = true;
    this.field.dataset.keys = "true";
    this.#show(this.#place);
    this.options.onMove(this.#place, "keys");
  }

  #hide() {
    this.#hasKeys = false;
    delete this.field.dataset.keys;
    this.options.onMove(null, "keys");
  }

  /** @param {KeyboardEvent} key */
  #type(key) {
    const move = moves[key.key];
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    if (key.key === "Enter" && this.wantsStrokes) this.#tap();
    else if (move) this.#go(move, key.shiftKey ? leap : 1);
    else return;
    key.preventDefault();
    key.stopPropagation();
  }

  /** @param {[number, number]} move @param {number} times */
  #go([across, down], times) {
    this.#hasKeys = true;
    this.field.dataset.keys = "true";
    this.#show({ across: this.#place.across + across * step * times, down: this.#place.down + down * step * times });
    this.options.onMove(this.#place, "keys");
  }

  #tap() {
    this.options.onStroke("begin", this.#place);
    this.options.onStroke("end", this.#place);
  }

  /** @param {PointerEvent} pointer @returns {Place} */
  #placeOf(pointer) {
    const box = this.field.getBoundingClientRect();
    return {
      across: within((pointer.clientX - box.left) / box.width),
      down: within((pointer.clientY - box.top) / box.height),
    };
  }

  /** @param {PointerEvent} pointer */
  #point(pointer) {
    this.#show(this.#placeOf(pointer));
    this.options.onMove(this.#place, "pointer");
    if (this.#isStroking) this.options.onStroke("go on", this.#place);
  }

  /** @param {PointerEvent} pointer */
  #press(pointer) {
    this.#point(pointer);
    if (!this.wantsStrokes || pointer.button !== 0) return;
    this.field.setPointerCapture(pointer.pointerId);
    this.#isStroking = true;
    this.options.onStroke("begin", this.#place);
  }

  /** @param {"end" | "give up"} how */
  #finish(how) {
    if (this.#isStroking) this.options.onStroke(how, this.#place);
    this.#isStroking = false;
  }

  #leave() {
    if (this.#hasKeys || this.#isStroking) return;
    this.options.onMove(null, "pointer");
  }
}

/**
 * @param {ParentNode} root
 * @param {CrosshairOptions} options
 */
export function createCrosshair(root, options) {
  return new Crosshair(find(root, "#cross", HTMLElement), options);
}
