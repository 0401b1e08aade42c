/** The answers of every layer to one picture: maps of convolutions and poolings, strips of dense layers, and learned kernels. */

import { formatCount, formatShare } from "../../core/format.js";
import { channelOf } from "../../core/patch.js";
import { find, make, setText, whenChanged } from "../elements.js";
import { drawMap, drawPicture } from "./pixel-canvas.js";

/**
 * @typedef {import("../../inference/image-network.js").LayerInfo} LayerInfo
 * @typedef {import("../../inference/image-network.js").NetworkInfo} NetworkInfo
 */

/**
 * @typedef {object} FeatureMapsData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {Uint32Array} ramp
 * @property {NetworkInfo | null} info
 * @property {{picture: Uint8Array, maps: readonly Float32Array[]} | null} look null while there is no picture
 * @property {readonly string[]} names of the classes
 * @property {{layer: number, unit: number, x: number, y: number} | null} pointed
 * @property {{layer: number, kernels: readonly {kernel: Float32Array}[]} | null} firstKernels
 */

/** More maps of a layer are not drawn: nobody compares so many. */
const mostMaps = 64;

/** Numbers of a strip in a row. */
const stripWidth = 64;

/** Side of one number of a strip, in pixels of the page. */
const cellSide = 16;

/** @param {LayerInfo} layer */
const isOfMaps = ({ shape }) => shape.length === 3;

/** @param {ArrayLike<number>} values @returns {number} */
function reachOf(values) {
  let reach = 0;
  for (let index = 0; index < values.length; index += 1) reach = Math.max(reach, Math.abs(values[index]));
  return reach;
}

/** @param {Float32Array} values @returns {number} */
function indexOfLargest(values) {
  return values.reduce((best, value, index) => (value > values[best] ? index : best), 0);
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array} kernel shape [height, width, channels] @param {number[]} shape @param {Uint32Array} ramp */
function drawKernel(canvas, kernel, [height, width, channels], ramp) {
  const reach = reachOf(kernel);
  if (channels === 3) {
    const bytes = kernel.map((value) => (reach > 0 ? 127.5 + (value / reach) * 127.5 : 127));
    drawPicture(canvas, bytes, [height, width, 3]);
  } else drawMap(canvas, channelOf(kernel, channels, 0), { width, height, ramp, reach });
}

/** One layer's pictures. */
class LayerMaps {
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  /** @type {Float32Array | null} */
  #values = null;

  /** @param {LayerInfo} layer @param {FeatureMapsData} data @param {(intent: any) => void} onIntent */
  constructor(layer, { translator }, onIntent) {
    this.layer = layer;
    this.onIntent = onIntent;
    const { t, language } = translator;
    const count = layer.shape[layer.shape.length - 1];
    const title = t(`images.inside.layer.${layer.kind}`);
    const name = title.startsWith("images.") ? layer.kind : title;
    const words = { shape: layer.shape.join(" × "), weights: formatCount(layer.weights, language) };
    const grid = { class: "maps__grid", role: "group", "aria-label": name, "aria-describedby": "maps-keys" };
    this.body = make("div", isOfMaps(layer) ? grid : { class: "maps__strip" });
    if (isOfMaps(layer)) this.#buildMaps(Math.min(mostMaps, count), name, t);
    else this.body.append(make("canvas", { class: "maps__bar", role: "img", "aria-label": name }));
    const more = count > mostMaps && isOfMaps(layer) ? t("images.inside.more", { count: count - mostMaps }) : "";
    const about = make("p", { class: "maps__about" }, t("images.inside.about", words), ` ${more}`);
    this.says = make("p", { class: "maps__says" });
    this.root = make("section", { class: "maps__layer" }, make("h4", {}, name), about, this.body, this.says);
  }

  /** @param {number} count @param {string} name @param {import("../../i18n/i18n.js").Translator["t"]} t */
  #buildMaps(count, name, t) {
    this.#buttons = Array.from({ length: count }, (_unused, unit) => {
      const label = t("images.inside.map", { name, number: unit + 1 });
      const button = make("button", { type: "button", class: "maps__map", "aria-label": label, tabindex: "-1" });
      button.append(make("canvas", { "aria-hidden": "true" }), make("i", { class: "maps__place", hidden: "" }));
      button.onpointermove = (event) => this.#point(unit, this.#placeOf(button, event));
      button.onclick = (event) => {
        if (event.detail > 0) this.#point(unit, this.#placeOf(button, event));
      };
      button.onfocus = () => {
        if (button.matches(":focus-visible")) this.#point(unit, this.#strongest(unit));
      };
      return button;
    });
    if (this.#buttons[0]) this.#buttons[0].tabIndex = 0;
    this.body.onkeydown = (event) => this.#press(event);
    this.body.append(...this.#buttons);
  }

  /** @param {HTMLElement} button @param {MouseEvent} event */
  #placeOf(button, { clientX, clientY }) {
    const [height, width] = this.layer.shape;
    const box = button.getBoundingClientRect();
    const along = (/** @type {number} */ share, /** @type {number} */ count) =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return {
      x: along((clientX - box.left) / box.width, width),
      y: along((clientY - box.top) / box.height, height),
    };
  }

  /** @param {number} unit */
  #strongest(unit) {
    const [, width, channels] = this.layer.shape;
    const place = this.#values ? indexOfLargest(channelOf(this.#values, channels, unit)) : 0;
    return { x: place % width, y: Math.floor(place / width) };
  }

  /** @param {number} unit @param {{x: number, y: number}} place */
  #point(unit, place) {
    this.onIntent({ type: "inside_point", pointed: { layer: this.layer.layer, unit, ...place } });
  }

  /** Arrows go from map to map; with Shift, from place to place on a map. @param {KeyboardEvent} event */
  #press(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const at = this.#buttons.indexOf(/** @type {any} */ (event.target));
    if (!step || at < 0) return;
    event.preventDefault();
    if (event.shiftKey && this.pointed?.unit === at) {
      const [height, width] = this.layer.shape;
      const x = Math.min(width - 1, Math.max(0, this.pointed.x + step[0]));
      this.#point(at, { x, y: Math.min(height - 1, Math.max(0, this.pointed.y + step[1])) });
      return;
    }
    const next = this.#buttons[at + step[0] + step[1] * this.#columns()];
    if (!next) return;
    for (const button of this.#buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }

  /** How many maps stand in a row. */
  #columns() {
    const top = this.#buttons[0]?.offsetTop;
    const next = this.#buttons.findIndex((button) => button.offsetTop !== top);
    return next < 0 ? this.#buttons.length : next;
  }

  /** @param {Float32Array} values @param {FeatureMapsData} data */
  draw(values, { ramp, names, translator }) {
    this.#values = values;
    const reach = reachOf(values);
    if (isOfMaps(this.layer)) {
      const [height, width, channels] = this.layer.shape;
      this.#buttons.forEach((button, unit) => {
        const map = channelOf(values, channels, unit);
        drawMap(find(button, "canvas", HTMLCanvasElement), map, { width, height, ramp, reach });
      });
      return;
    }
    const width = Math.min(stripWidth, values.length);
    const height = Math.ceil(values.length / width);
    const padded = new Float32Array(width * height);
    padded.set(values);
    const canvas = find(this.body, "canvas", HTMLCanvasElement);
    drawMap(canvas, padded, { width, height, ramp, reach });
    canvas.style.aspectRatio = `${width} / ${height}`;
    canvas.style.maxWidth = `${width * cellSide}px`;
    const isAnswer = values.length === names.length && ["softmax", "sigmoid"].includes(this.layer.activation);
    const best = indexOfLargest(values);
    const share = formatShare(values[best], translator.language, 0);
    setText(this.says, isAnswer ? `${names[best]} · ${share}` : "");
  }

  /** @type {FeatureMapsData["pointed"]} */
  pointed = null;

  /** @param {FeatureMapsData["pointed"]} pointed */
  mark(pointed) {
    this.pointed = pointed?.layer === this.layer.layer ? pointed : null;
    const [height, width] = this.layer.shape;
    this.#buttons.forEach((button, unit) => {
      const place = find(button, "i", HTMLElement);
      place.hidden = this.pointed?.unit !== unit;
      if (this.pointed === null || place.hidden) return;
      const { x, y } = this.pointed;
      place.style.inset = `${(y / height) * 100}% auto auto ${(x / width) * 100}%`;
      Object.assign(place.style, { width: `${100 / width}%`, height: `${100 / height}%` });
    });
  }
}

/** @param {HTMLElement} list @param {FeatureMapsData} data */
function drawKernels(list, { firstKernels, info, ramp }) {
  const form = firstKernels ? info?.layers[firstKernels.layer]?.kernel : null;
  if (!form || !firstKernels) {
    list.replaceChildren();
    return;
  }
  const { kernels } = firstKernels;
  const canvases = /** @type {HTMLCanvasElement[]} */ ([...list.children]);
  while (canvases.length > kernels.length) canvases.pop()?.remove();
  while (canvases.length < kernels.length) {
    const canvas = make("canvas", { class: "maps__kernel" });
    canvases.push(canvas);
    list.append(canvas);
  }
  kernels.forEach(({ kernel }, unit) => {
    const channels = kernel.length / (form.height * form.width);
    drawKernel(canvases[unit], kernel, [form.height, form.width, channels], ramp);
  });
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: any) => void}} options
 */
export function createFeatureMapsView(root, { onIntent }) {
  const list = find(root, "#maps", HTMLElement);
  const hint = find(root, "#maps-hint", HTMLElement);
  const kernels = find(root, "#maps-kernels", HTMLElement);
  const kernelsPart = find(root, "#maps-kernels-part", HTMLElement);
  const input = make("canvas", { class: "maps__input", role: "img" });
  /** @type {LayerMaps[]} */
  let layers = [];

  const draw = whenChanged((/** @type {FeatureMapsData} */ data, before) => {
    const { info, look, pointed, translator } = data;
    if (before?.translator !== translator || !isSameNetwork(before.info, info)) {
      layers = (info?.layers ?? []).map((layer) => new LayerMaps(layer, data, onIntent));
      input.setAttribute("aria-label", translator.t("images.draw.seen"));
      list.replaceChildren(input, ...layers.map((layer) => layer.root));
    }
    list.hidden = look === null;
    hint.hidden = look !== null;
    setText(hint, translator.t(info?.layers.length === 0 ? "images.inside.closed" : "images.inside.hint"));
    if (look && info) drawPicture(input, look.picture, info.shape);
    if (look) for (const layer of layers) layer.draw(look.maps[layer.layer.layer], data);
    for (const layer of layers) layer.mark(pointed);
    kernelsPart.hidden = data.firstKernels === null;
    drawKernels(kernels, data);
  });
  /** @param {FeatureMapsData} data */
  const render = ({ translator, ramp, info, look, names, pointed, firstKernels }) =>
    draw({ translator, ramp, info, look, names, pointed, firstKernels });
  return { render, destroy() {} };
}

/** Reloaded with new weights it is still the same network. @param {NetworkInfo | null} one @param {NetworkInfo | null} other */
function isSameNetwork(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
