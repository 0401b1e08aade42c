/** How training pictures are changed: the controls, and a few pictures before and after. */

import { find, setText, whenChanged } from "../elements.js";
import { createSlider } from "../slider.js";
import { paintPictures } from "./pixels.js";

/** @typedef {import("./pixels.js").PictureBytes} PictureBytes */

/**
 * @typedef {object} AugmentationData
 * @property {Record<string, import("../slider.js").Limits>} limits
 * @property {Record<string, any>} values
 * @property {Record<string, string>} texts
 * @property {string} reason why nothing can be changed; empty when it can
 * @property {PictureBytes | null} originals
 * @property {PictureBytes | null} changed null while nothing is changed
 */

/** Pictures in a row. */
const columns = 8;

/** A small set leaves places empty. @param {PictureBytes} bytes */
function row(bytes) {
  const size = bytes.shape.reduce((product, side) => product * side, 1);
  const count = bytes.pictures.length / size;
  return Array.from({ length: columns }, (_unused, place) => (place < count ? { bytes, place } : null));
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "change", name: "augmentation", value: Record<string, unknown>}) => void}} options
 */
export function createAugmentationView(root, { onIntent }) {
  const change = (/** @type {Record<string, unknown>} */ value) =>
    onIntent({ type: "change", name: "augmentation", value });
  const names = ["shift", "rotate", "zoom", "noise"];
  const sliders = names.map((name) => createSlider(root, `augment-${name}`, (value) => change({ [name]: value })));
  const flip = find(root, "#augment-flip", HTMLInputElement);
  const canvas = find(root, "#augmentation-samples", HTMLCanvasElement);
  const why = find(root, "#augmentation-reason", HTMLElement);
  const inputs = names.map((name) => find(root, `#augment-${name}`, HTMLInputElement));
  flip.onchange = () => change({ flip: flip.checked });

  const render = whenChanged((/** @type {AugmentationData} */ data) => {
    const { limits, values, texts, reason, originals, changed } = data;
    names.forEach((name, index) => {
      sliders[index]({ limits: limits[name], position: values[name], text: texts[name] });
    });
    flip.checked = values.flip;
    for (const input of [...inputs, flip]) input.disabled = reason !== "";
    why.hidden = reason === "";
    setText(why, reason);
    canvas.hidden = originals === null;
    if (!originals) return;
    paintPictures(canvas, [...row(originals), ...row(changed ?? originals)], columns);
    canvas.dataset.isChanged = String(changed !== null);
  });
  return { render, destroy() {} };
}
