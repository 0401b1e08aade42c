/** The start of a network: from nothing or from MobileNetV2, and how much of it is frozen. */

import { fillSelect, find, make, setText, whenChanged } from "../elements.js";
import { createSlider, placesOf } from "../slider.js";

/**
 * @typedef {object} TransferData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {string} start "scratch" or "base"
 * @property {boolean} isOnBase
 * @property {string} width
 * @property {string} size
 * @property {readonly {value: string, text: string}[]} widths
 * @property {readonly {value: string, text: string}[]} sizes
 * @property {string | null} state of the base's file
 * @property {string} stateText
 * @property {boolean} canFetch
 * @property {readonly number[]} stops of the slider, in layers
 * @property {number} place among them
 * @property {string} unfrozenText
 * @property {readonly import("../../core/transfer.js").Part[]} parts
 * @property {string} partsText
 */

/** @typedef {{type: "change", name: string, value: unknown} | {type: "base_fetch"}} TransferIntent */

/** @param {import("../../core/transfer.js").Part} part @param {import("../../i18n/i18n.js").Translator} translator */
function partElement({ name, weights, isTrained }, { t }) {
  const part = make("span", { class: "base-part", "data-is-trained": String(isTrained), "data-name": name });
  // Its area grows with its numbers, slowly: the last convolution has a hundred times as many as the first.
  part.style.flexGrow = String(Math.max(1, Math.cbrt(weights) / 4));
  part.title = `${name || t("images.base.head")} · ${weights}`;
  return part;
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: TransferIntent) => void}} options
 */
export function createTransferView(root, { onIntent }) {
  const change = (/** @type {string} */ name) => (/** @type {unknown} */ value) =>
    onIntent({ type: "change", name, value });
  const card = find(root, "#transfer", HTMLElement);
  const starts = [...card.querySelectorAll("input[name='start']")].map(
    (input) => /** @type {HTMLInputElement} */ (input),
  );
  const [width, size] = ["#base-width", "#base-size"].map((id) => find(card, id, HTMLSelectElement));
  const status = find(card, "#base-state", HTMLElement);
  const fetch = find(card, "#base-fetch", HTMLButtonElement);
  const bar = find(card, "#base-parts", HTMLElement);
  const numbers = find(card, "#base-numbers", HTMLElement);
  /** @type {readonly number[]} */
  let stops = [0];
  const slide = createSlider(card, "unfrozen", (place) => change("unfrozen")(stops[place]));
  const slider = find(card, "#unfrozen", HTMLInputElement);
  for (const input of starts) input.onchange = () => change("start_from")(input.value);
  width.onchange = () => change("base_width")(width.value);
  size.onchange = () => change("base_size")(size.value);
  fetch.onclick = () => onIntent({ type: "base_fetch" });

  const render = whenChanged((/** @type {TransferData} */ data) => {
    const { translator, start, isOnBase, parts, partsText } = data;
    for (const input of starts) input.checked = input.value === start;
    fillSelect(width, data.widths, data.width);
    fillSelect(size, data.sizes, data.size);
    setText(status, data.stateText);
    status.dataset.state = data.state ?? "";
    fetch.hidden = !data.canFetch;
    stops = data.stops;
    slide({ limits: placesOf(stops, data.place), position: data.place, text: data.unfrozenText });
    slider.disabled = !isOnBase;
    card.dataset.isOnBase = String(isOnBase);
    bar.replaceChildren(...parts.map((part) => partElement(part, translator)));
    bar.setAttribute("aria-label", partsText);
    setText(numbers, partsText);
  });
  return { render, destroy() {} };
}
