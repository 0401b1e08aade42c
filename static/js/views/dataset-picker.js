/** The data sets to choose from, each with a small picture of its samples; the chosen one is named below. */

import { rangeOf, tintsOf } from "../core/curve.js";
import { find, make, setText, whenChanged } from "./elements.js";
import { drawDots, onPlane } from "./sample-dots.js";

/**
 * @typedef {import("./sample-dots.js").Samples} Samples
 * @typedef {{name: string, title: string, classes: number | null, samples: Samples | null}} Thumbnail
 */

/**
 * @typedef {object} DatasetPickerData
 * @property {readonly Thumbnail[]} thumbnails
 * @property {string} chosen
 * @property {Uint32Array} ramp
 * @property {readonly Uint32Array[]} classRamps
 */

/** @typedef {{type: "change", name: "dataset", value: string}} DatasetIntent */

const side = 112;

/**
 * @param {Thumbnail} thumbnail
 * @param {(intent: DatasetIntent) => void} onIntent
 */
function makeChoice({ name, title }, onIntent) {
  const radio = make("input", {
    type: "radio",
    class: "fills-card",
    name: "dataset",
    value: name,
    "aria-label": title,
  });
  radio.onchange = () => onIntent({ type: "change", name: "dataset", value: name });
  const canvas = make("canvas", { width: String(side), height: String(side), "aria-hidden": "true" });
  return make("label", { class: "thumbnail", title }, radio, canvas);
}

/**
 * A curve fills its picture from edge to edge, whatever its numbers are.
 * @param {Samples} samples x alone
 * @returns {{dots: Samples, place: (sample: readonly number[]) => [number, number]}}
 */
function curveDots({ features, labels }) {
  const xs = features.map(([x]) => x);
  const [[left, right], [low, high]] = [rangeOf([xs]), rangeOf([labels])];
  const dots = {
    features: xs.map((x, index) => [x, labels[index]]),
    labels: tintsOf(labels, Math.max(...labels.map(Math.abs))),
  };
  return { dots, place: ([x, y]) => [((x - left) / (right - left)) * side, ((high - y) / (high - low)) * side] };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Thumbnail} thumbnail
 * @param {{ramp: Uint32Array, classRamps: readonly Uint32Array[]}} colors
 */
function drawThumbnail(canvas, { samples, classes }, colors) {
  const context = canvas.getContext("2d");
  if (!samples || !context) return;
  context.clearRect(0, 0, side, side);
  const isCurve = samples.features[0]?.length === 1;
  const { dots, place } = isCurve ? curveDots(samples) : { dots: samples, place: onPlane(side) };
  drawDots(context, dots, { place, radius: side / 32, paint: { ...colors, classes }, ring: null });
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: DatasetIntent) => void}} options
 */
export function createDatasetPickerView(root, { onIntent }) {
  const group = find(root, "#dataset", HTMLElement);
  const caption = find(root, "#dataset-name", HTMLElement);
  let shownNames = "";

  const render = whenChanged((/** @type {DatasetPickerData} */ { thumbnails, chosen, ...colors }) => {
    const names = thumbnails.map(({ name, title }) => name + title).join();
    if (names !== shownNames) group.replaceChildren(...thumbnails.map((each) => makeChoice(each, onIntent)));
    shownNames = names;
    thumbnails.forEach((thumbnail, index) => {
      const choice = group.children[index];
      find(choice, "input", HTMLInputElement).checked = thumbnail.name === chosen;
      drawThumbnail(find(choice, "canvas", HTMLCanvasElement), thumbnail, colors);
    });
    setText(caption, thumbnails.find(({ name }) => name === chosen)?.title ?? "");
  });
  return { render, destroy() {} };
}
