/** Asks a network about a place: sliders for its numbers, and a picture of all answers that is pointed at. */

import { classRamps, divergingRamp } from "../../core/color.js";
import { formatShare } from "../../core/format.js";
import { find, make, setText } from "../elements.js";
import { drawClasses, drawGrid } from "../heatmap.js";
import { makeClassName } from "../quality-class-name.js";
import { createSelfCheckView } from "../self-check-badge.js";

/**
 * @typedef {object} PlaceAskerData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {import("../color-scheme.js").Palette} palette
 * @property {string} kind "plane" or "curve"
 * @property {readonly [number, number]} ends smallest and largest place
 * @property {import("../../inference/self-check.js").Check} check
 * @property {{grids: readonly Float32Array[], size: number, reach: number}} map
 * @property {number} classes 0 for numbers
 * @property {readonly number[]} place x1 and x2
 * @property {readonly number[] | null} shares of the classes
 * @property {number | null} best the likeliest class
 * @property {number} value the first answer
 */

const lineSize = Object.freeze({ width: 480, height: 320 });

/** @param {Float32Array} values @returns {[number, number]} a little more than their range */
function rangeOf(values) {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  const margin = (high - low) * 0.08 || 1;
  return [low - margin, high + margin];
}

/** @param {HTMLCanvasElement} canvas @param {PlaceAskerData} data */
function drawLine(canvas, { map, palette }) {
  Object.assign(canvas, lineSize);
  const context = canvas.getContext("2d");
  if (!context) return;
  const [values] = map.grids;
  const [low, high] = rangeOf(values);
  context.fillStyle = palette.curve.card;
  context.fillRect(0, 0, lineSize.width, lineSize.height);
  Object.assign(context, { strokeStyle: palette.curve.accent, lineWidth: 3, lineJoin: "round" });
  context.beginPath();
  values.forEach((value, index) => {
    const x = (index / (values.length - 1)) * lineSize.width;
    context.lineTo(x, (1 - (value - low) / (high - low)) * lineSize.height);
  });
  context.stroke();
}

/** @param {HTMLCanvasElement} canvas @param {PlaceAskerData} data */
function drawPlane(canvas, { map: { grids, size, reach }, palette, classes }) {
  if (grids.length > 1) {
    const ramps = classRamps({ neutral: palette.diverging.neutral, classes: palette.classes });
    drawClasses(canvas, grids, { size, ramps });
    return;
  }
  const ramp = divergingRamp(palette.diverging);
  const values = classes > 0 ? grids[0].map((share) => share * 2 - 1) : grids[0];
  drawGrid(canvas, values, { size, ramp, reach: classes > 0 ? 1 : reach });
}

/** @param {PlaceAskerData} data @returns {string} */
function answerText({ translator: { t, language }, shares, best, value, kind }) {
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 }).format(value);
  if (shares === null || best === null) return t(kind === "curve" ? "offline.y" : "offline.value", { value: number });
  return t("offline.says", {
    name: t("quality.class", { label: best }),
    share: formatShare(shares[best], language, 0),
  });
}

/** @param {HTMLElement} list @param {PlaceAskerData} data */
function fillBars(list, { shares, best, translator }) {
  const bars = (shares ?? []).map((share, label, all) => {
    const bar = make("b");
    bar.style.width = `${share * 100}%`;
    const name = make("span", { class: "answer-bar__name" }, makeClassName(label, all.length, translator));
    const track = make("i", { class: "answer-bar__track", "aria-hidden": "true" }, bar);
    const value = make("span", { class: "answer-bar__value" }, formatShare(share, translator.language, 0));
    return make("li", { class: "answer-bar", ...(label === best ? { "data-best": "" } : {}) }, name, track, value);
  });
  list.replaceChildren(...bars);
}

/** @param {ParentNode} root @param {string} axis @param {() => void} onInput */
function createSlider(root, axis, onInput) {
  const field = find(root, `#ask-${axis}`, HTMLInputElement);
  const shown = find(root, `#ask-${axis}-value`, HTMLElement);
  field.oninput = onInput;
  return {
    value: () => Number(field.value),
    /** @param {number} value @param {readonly [number, number]} ends @param {string} language */
    show(value, [low, high], language) {
      Object.assign(field, { min: String(low), max: String(high), step: String((high - low) / 240) });
      if (Number(field.value) !== value) field.value = String(value);
      setText(shown, new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value));
    },
  };
}

/** @param {HTMLElement} stage @param {(x: number, y: number) => void} onPoint shares of the sides, from the upper left */
function hearPointer(stage, onPoint) {
  stage.onpointermove = stage.onpointerdown = ({ clientX, clientY }) => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    const within = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
    onPoint(within((clientX - left) / width), within((clientY - top) / height));
  };
}

/**
 * @param {ParentNode} root
 * @param {{onPlace: (place: number[]) => void}} options
 */
export function createPlaceAskerView(root, { onPlace }) {
  const stage = find(root, "#ask-stage", HTMLElement);
  const canvas = find(root, "#ask-map", HTMLCanvasElement);
  const pin = find(root, "#ask-pin", HTMLElement);
  const answer = find(root, "#ask-answer", HTMLElement);
  const bars = find(root, "#ask-bars", HTMLElement);
  const selfCheck = createSelfCheckView(root);
  const read = () => onPlace(sliders.map((slider) => slider.value()));
  const sliders = [createSlider(root, "x1", read), createSlider(root, "x2", read)];
  /** @type {PlaceAskerData | null} */
  let shown = null;

  hearPointer(stage, (x, y) => {
    if (shown === null) return;
    const [low, high] = shown.ends;
    const isLine = shown.kind === "curve";
    onPlace([low + x * (high - low), isLine ? 0 : high - y * (high - low)]);
  });

  /** @param {PlaceAskerData} data */
  function movePin({ kind, ends: [low, high], place: [x1, x2], value, map }) {
    const [least, most] = kind === "curve" ? rangeOf(map.grids[0]) : [low, high];
    pin.style.left = `${((x1 - low) / (high - low)) * 100}%`;
    pin.style.top = `${(1 - ((kind === "curve" ? value : x2) - least) / (most - least)) * 100}%`;
  }

  /** @param {PlaceAskerData} data */
  function render(data) {
    const before = shown;
    shown = data;
    if (before?.palette !== data.palette) (data.kind === "curve" ? drawLine : drawPlane)(canvas, data);
    sliders.forEach((slider, axis) => {
      slider.show(data.place[axis], data.ends, data.translator.language);
    });
    movePin(data);
    setText(answer, answerText(data));
    fillBars(bars, data);
    selfCheck.render({ translator: data.translator, check: data.check, failure: null, exportUrl: null });
  }
  return { render, destroy() {} };
}
