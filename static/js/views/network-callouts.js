/** Two quiet notes in the drawing that say what a unit and a line are, where there is room for them. */

import { calloutPlaces } from "../core/callout-places.js";
import { find, make, makeSvg, setText } from "./elements.js";

/**
 * @typedef {import("../core/callout-places.js").CalloutPlace} CalloutPlace
 * @typedef {Parameters<typeof calloutPlaces>[0]} Drawing
 */

const width = 158;
const smallestWindow = 700;

/** @param {CalloutPlace} place @returns {string} SVG path data: a bow from the note to what it is about, with a head */
function arrowPath({ left, right, top, bottom, target: { x, y } }) {
  const isBelow = top > y;
  const start = { x: (left + right) / 2 - 14, y: isBelow ? top - 1 : bottom + 1 };
  const end = { x: x - 2, y: isBelow ? y + 5 : y - 5 };
  const turn = isBelow ? 4 : -4;
  const bow = `M${start.x} ${start.y}Q${start.x - 2} ${end.y + turn * 1.5} ${end.x} ${end.y}`;
  return `${bow}M${end.x - 5} ${end.y}L${end.x} ${end.y}L${end.x - 3} ${end.y + turn}`;
}

/** The notes of one diagram. */
export class Callouts {
  /** @param {HTMLElement} root the diagram */
  constructor(root) {
    this.unit = make("p", { class: "callout", "data-shown": "false" });
    this.lines = make("p", { class: "callout", "data-shown": "false" });
    this.arrows = makeSvg("path", { class: "callout-arrows", d: "" });
    find(root, ".connections", SVGElement).after(this.arrows);
    find(root, ".diagram__units", HTMLElement).before(this.unit, this.lines);
  }

  /** @param {Drawing} drawing @param {import("../i18n/i18n.js").Translator} translator */
  arrange(drawing, { t }) {
    setText(this.unit, t("callout.unit"));
    setText(this.lines, t("callout.lines"));
    const isSmall = document.documentElement.clientWidth < smallestWindow;
    const height = Math.max(this.unit.offsetHeight, this.lines.offsetHeight);
    const places = isSmall ? { unit: null, lines: null } : calloutPlaces(drawing, { width, height });
    this.#put(this.unit, places.unit);
    this.#put(this.lines, places.lines);
    const arrows = [places.unit, places.lines].flatMap((place) => (place ? [arrowPath(place)] : []));
    this.arrows.setAttribute("d", arrows.join(""));
  }

  /** @param {HTMLElement} note @param {CalloutPlace | null} place */
  #put(note, place) {
    note.dataset.shown = String(place !== null);
    if (!place) return;
    note.style.left = `${place.left}px`;
    note.style.top = `${place.top}px`;
  }
}
