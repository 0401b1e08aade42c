/** What one number of a map comes from: a patch times the kernel, number by number. */

import { colorOf } from "../../core/color.js";
import { formatSigned } from "../../core/format.js";
import { find, make, setText, whenChanged } from "../elements.js";

/**
 * @typedef {object} KernelReadingData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {Uint32Array} ramp
 * @property {any} reading see the Reading of the room; null while nothing is pointed at
 */

/** Larger kernels are shown without their numbers. */
const widestWithNumbers = 5;

/** @param {Float32Array} values @param {number} width @param {KernelReadingData} data @param {string} title */
function makeTable(values, width, { translator, ramp }, title) {
  const reach = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const cells = [...values].map((value) => {
    const text = width <= widestWithNumbers ? formatSigned(value, translator.language) : "";
    const cell = make("span", { class: "reading__cell" }, text);
    cell.style.setProperty("--tint", colorOf(ramp, value / reach));
    return cell;
  });
  const grid = make("div", { class: "reading__grid" }, ...cells);
  grid.style.setProperty("--columns", String(width));
  return make("figure", { class: "reading__part" }, make("figcaption", {}, title), grid);
}

/** @param {any} sum @param {KernelReadingData} data */
function makeSum(sum, data) {
  const { t, language } = data.translator;
  const number = (/** @type {number} */ value) => formatSigned(value, language);
  const sign = (/** @type {string} */ text) => make("span", { class: "reading__sign", "aria-hidden": "true" }, text);
  const tables = make(
    "div",
    { class: "reading__tables" },
    makeTable(sum.patch, sum.width, data, t("images.reading.patch")),
    sign("×"),
    makeTable(sum.kernel, sum.width, data, t("images.reading.kernel")),
    sign("="),
    makeTable(sum.products, sum.width, data, t("images.reading.products")),
  );
  const words = { channel: sum.channel + 1, channels: sum.channels, part: number(sum.part) };
  const key = sum.channels === 1 ? "images.reading.single" : "images.reading.several";
  return [make("p", { class: "reading__channel" }, t(key, words)), tables];
}

/** @param {KernelReadingData} data */
function lineOf({ reading, translator: { t, language } }) {
  const { value, sum, layer } = reading;
  const number = (/** @type {number} */ each) => formatSigned(each, language);
  if (!sum) return t("images.reading.value", { value: number(value) });
  const words = { sum: number(sum.sum), bias: number(sum.bias), before: number(sum.before), value: number(value) };
  return t("images.reading.sum", { ...words, activation: layer.activation });
}

/**
 * @param {ParentNode} root
 */
export function createKernelReadingView(root) {
  const title = find(root, "#reading-title", HTMLElement);
  const body = find(root, "#reading-body", HTMLElement);
  const line = find(root, "#reading-line", HTMLElement);
  const draw = whenChanged((/** @type {KernelReadingData} */ data) => {
    const { reading, translator } = data;
    body.replaceChildren(...(reading?.sum ? makeSum(reading.sum, data) : []));
    setText(line, reading ? lineOf(data) : "");
    /** @type {Record<string, number>} */
    const words = reading
      ? { number: reading.pointed.unit + 1, row: reading.pointed.y + 1, column: reading.pointed.x + 1 }
      : {};
    setText(title, translator.t(reading ? "images.reading.title" : "images.reading.hint", words));
  });
  /** @param {KernelReadingData} data */
  const render = ({ translator, ramp, reading }) => draw({ translator, ramp, reading });
  return { render, destroy() {} };
}
