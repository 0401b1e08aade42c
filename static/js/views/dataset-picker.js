/** The data sets to choose from, each with its name and a small picture of its samples. */

import { find, make, whenChanged } from "./elements.js";
import { drawSamples } from "./sample-dots.js";

/** @typedef {{name: string, title: string, samples: import("./sample-dots.js").Samples | null}} Thumbnail */

/**
 * @typedef {object} DatasetPickerData
 * @property {readonly Thumbnail[]} thumbnails
 * @property {string} chosen
 * @property {boolean} isClassification
 * @property {Uint32Array} ramp
 */

/** @typedef {{type: "change", name: "dataset", value: string}} DatasetIntent */

const side = 112;

/**
 * @param {Thumbnail} thumbnail
 * @param {(intent: DatasetIntent) => void} onIntent
 */
function makeChoice({ name, title }, onIntent) {
  const radio = make("input", { type: "radio", name: "dataset", value: name, "aria-label": title });
  radio.onchange = () => onIntent({ type: "change", name: "dataset", value: name });
  const canvas = make("canvas", { width: String(side), height: String(side), "aria-hidden": "true" });
  return make("label", { class: "thumbnail" }, radio, canvas, make("span", { "aria-hidden": "true" }, title));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./sample-dots.js").Samples} samples
 * @param {{ramp: Uint32Array, isClassification: boolean}} style
 */
function drawThumbnail(canvas, samples, style) {
  const context = canvas.getContext("2d");
  context?.clearRect(0, 0, side, side);
  if (context) drawSamples(context, samples, { ...style, side, ring: null });
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: DatasetIntent) => void}} options
 */
export function createDatasetPickerView(root, { onIntent }) {
  const group = find(root, "#dataset", HTMLElement);
  let shownNames = "";

  const render = whenChanged((/** @type {DatasetPickerData} */ { thumbnails, chosen, ...style }) => {
    const names = thumbnails.map(({ name, title }) => name + title).join();
    if (names !== shownNames) group.replaceChildren(...thumbnails.map((each) => makeChoice(each, onIntent)));
    shownNames = names;
    thumbnails.forEach(({ name, samples }, index) => {
      const choice = group.children[index];
      find(choice, "input", HTMLInputElement).checked = name === chosen;
      if (samples) drawThumbnail(find(choice, "canvas", HTMLCanvasElement), samples, style);
    });
  });
  return { render, destroy() {} };
}
