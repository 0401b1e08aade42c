/** The test pictures on a plane, as the last hidden layer sees them: alike pictures lie together. */

import { formatShare } from "../../core/format.js";
import { find, setText, whenChanged } from "../elements.js";
import { drawPicture } from "./pixel-canvas.js";

/**
 * @typedef {object} PictureMapData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {import("../color-scheme.js").Palette} palette
 * @property {{kind: "spread" | "gather", done: number, epoch: number, places: Float32Array | null, shares: readonly number[] | null} | null} map
 * @property {{labels: readonly number[], pictures: Uint8Array, size: number, shape: readonly number[]} | null} tested
 * @property {readonly string[]} names
 * @property {number} epoch of the network now
 */

/** Side of the canvas, of a picture on it, and of the margin. */
const [side, tile, margin] = [960, 26, 30];

/** @param {import("../color-scheme.js").Palette} palette @returns {readonly string[]} colours of ten classes; more share them */
const colorsOf = ({ classes, plot }) => [...classes, ...plot.pins];

/** Where each picture stands on the canvas. @param {Float32Array} places shape [rows, 2] @returns {{x: number, y: number}[]} */
function spotsOf(places) {
  const rows = Array.from({ length: places.length / 2 }, (_unused, row) => [places[2 * row], places[2 * row + 1]]);
  const [left, top] = [0, 1].map((axis) => Math.min(...rows.map((row) => row[axis])));
  const [right, bottom] = [0, 1].map((axis) => Math.max(...rows.map((row) => row[axis])));
  const scale = (side - 2 * margin) / (Math.max(right - left, bottom - top) || 1);
  const middle = [(left + right) / 2, (top + bottom) / 2];
  return rows.map(([x, y]) => ({ x: side / 2 + (x - middle[0]) * scale, y: side / 2 + (y - middle[1]) * scale }));
}

/** All pictures, painted once. @param {NonNullable<PictureMapData["tested"]>} tested @param {number} rows */
function paintAll({ pictures, size, shape }, rows) {
  return Array.from({ length: rows }, (_unused, row) => {
    const canvas = document.createElement("canvas");
    drawPicture(canvas, pictures.subarray(row * size, (row + 1) * size), shape);
    return canvas;
  });
}

class PictureMap {
  /** @type {{x: number, y: number}[]} */
  #spots = [];
  /** @type {HTMLCanvasElement[]} */
  #tiles = [];
  /** @type {unknown} */
  #tilesOf = null;
  #chosen = -1;
  /** @type {PictureMapData | null} */
  #data = null;

  /** @param {HTMLCanvasElement} canvas @param {HTMLElement} caption @param {(intent: any) => void} onIntent */
  constructor(canvas, caption, onIntent) {
    this.canvas = canvas;
    this.caption = caption;
    this.onIntent = onIntent;
    Object.assign(canvas, { width: side, height: side });
    canvas.onpointermove = (event) => this.#choose(this.#nearest(event));
    canvas.onpointerleave = () => this.#choose(-1);
    canvas.onclick = (event) => {
      this.#choose(this.#nearest(event));
      this.#look();
    };
    canvas.onkeydown = (event) => this.#press(event);
    canvas.onblur = () => this.#choose(-1);
  }

  /** @param {PictureMapData} data */
  render(data) {
    this.#data = data;
    const { map, tested } = data;
    this.#spots = map?.places ? spotsOf(map.places) : [];
    if (tested && this.#tilesOf !== tested) this.#tiles = paintAll(tested, Math.min(500, tested.labels.length));
    this.#tilesOf = tested;
    if (this.#chosen >= this.#spots.length) this.#chosen = -1;
    this.#draw();
  }

  /** @param {MouseEvent} event @returns {number} -1 when none is near */
  #nearest({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [((clientX - box.left) / box.width) * side, ((clientY - box.top) / box.height) * side];
    return this.#nearestOf(({ x: left, y: top }) => Math.hypot(left - x, top - y), tile * 1.5);
  }

  /** @param {(spot: {x: number, y: number}) => number} distance @param {number} reach */
  #nearestOf(distance, reach) {
    let [best, least] = [-1, reach];
    this.#spots.forEach((spot, index) => {
      const far = distance(spot);
      if (far < least && index !== this.#chosen) [best, least] = [index, far];
    });
    const own = this.#spots[this.#chosen];
    return own && distance(own) < least ? this.#chosen : best;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" || event.key === " ") this.#look();
    else if (step) this.#choose(this.#next(step));
    else return;
    event.preventDefault();
  }

  /** The nearest one in a direction. @param {number[]} step @returns {number} */
  #next([dx, dy]) {
    const from = this.#spots[this.#chosen];
    if (!from) return this.#spots.length ? 0 : -1;
    const found = this.#nearestOf((spot) => {
      const [x, y] = [spot.x - from.x, spot.y - from.y];
      const ahead = x * dx + y * dy;
      return ahead > 0.5 ? ahead + 2 * Math.abs(x * dy - y * dx) : Infinity;
    }, Infinity);
    return found < 0 ? this.#chosen : found;
  }

  #look() {
    const { tested } = this.#data ?? {};
    if (!tested || this.#chosen < 0) return;
    const { pictures, size, labels } = tested;
    const picture = pictures.slice(this.#chosen * size, (this.#chosen + 1) * size);
    this.onIntent({ type: "draw_sample", picture, label: labels[this.#chosen] });
  }

  /** @param {number} index */
  #choose(index) {
    if (index === this.#chosen || this.#data === null) return;
    this.#chosen = index;
    const { tested, names, translator } = this.#data;
    const label = tested?.labels[index];
    setText(this.caption, label === undefined ? "" : translator.t("images.map.chosen", { name: names[label] }));
    this.#draw();
  }

  #draw() {
    const context = this.canvas.getContext("2d");
    if (!context || this.#data === null) return;
    const { palette, tested } = this.#data;
    const colors = colorsOf(palette);
    context.clearRect(0, 0, side, side);
    context.imageSmoothingEnabled = false;
    const draw = (/** @type {number} */ index, /** @type {number} */ size) => {
      const { x, y } = this.#spots[index];
      const edge = size / 9 + 1;
      context.fillStyle = colors[(tested?.labels[index] ?? 0) % colors.length];
      context.fillRect(x - size / 2 - edge, y - size / 2 - edge, size + 2 * edge, size + 2 * edge);
      context.drawImage(this.#tiles[index], x - size / 2, y - size / 2, size, size);
    };
    this.#spots.forEach((_spot, index) => {
      draw(index, tile);
    });
    if (this.#chosen >= 0) draw(this.#chosen, tile * 4);
  }
}

/** @param {PictureMapData} data @returns {string} */
function textOf({ translator: { t, language }, map, tested, epoch }) {
  if (!tested) return t("images.map.waiting");
  if (!map) return t("images.map.about");
  if (map.done < 1) return t("images.map.running");
  const shown = map.shares ? formatShare(map.shares[0] + map.shares[1], language, 0) : "";
  const said = t(map.kind === "spread" ? "images.map.spread.done" : "images.map.gather.done", { share: shown });
  return map.epoch === epoch ? said : `${said} ${t("images.map.old", { epoch: map.epoch })}`;
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: any) => void}} options
 */
export function createPictureMapView(root, { onIntent }) {
  const canvas = find(root, "#map", HTMLCanvasElement);
  const text = find(root, "#map-text", HTMLElement);
  const progress = find(root, "#map-progress", HTMLProgressElement);
  const buttons = {
    spread: find(root, "#map-spread", HTMLButtonElement),
    gather: find(root, "#map-gather", HTMLButtonElement),
  };
  const map = new PictureMap(canvas, find(root, "#map-caption", HTMLElement), onIntent);
  for (const [kind, button] of Object.entries(buttons)) button.onclick = () => onIntent({ type: "inside_map", kind });

  const render = whenChanged((/** @type {PictureMapData} */ data) => {
    const isBusy = data.map !== null && data.map.done < 1;
    for (const [kind, button] of Object.entries(buttons)) {
      button.disabled = data.tested === null;
      button.setAttribute("aria-pressed", String(data.map?.kind === kind));
    }
    progress.hidden = !isBusy;
    progress.value = data.map?.done ?? 0;
    setText(text, textOf(data));
    canvas.hidden = !data.map?.places;
    map.render(data);
  });
  return { render, destroy() {} };
}
