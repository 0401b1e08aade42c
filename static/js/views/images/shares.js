/** How many samples there are, and how they are shared out between learning and testing. */

import { nextPlace } from "../../core/rates.js";
import { find, setText, whenChanged } from "../elements.js";
import { createSlider, inPercent, placesOf } from "../slider.js";

/**
 * @typedef {object} SharesData
 * @property {readonly number[]} sampleSteps
 * @property {number} samplesPlace
 * @property {string} samples
 * @property {import("../slider.js").Limits} fractionLimits
 * @property {number} fraction
 * @property {string} fractionText
 * @property {boolean} hasGiven the set came with a split of its own
 * @property {boolean} isGiven
 * @property {string} counts
 */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "change", name: string, value: any}) => void}} options
 */
export function createSharesView(root, { onIntent }) {
  const change = (/** @type {string} */ name, /** @type {any} */ value) => onIntent({ type: "change", name, value });
  /** @type {{sampleSteps: readonly number[], samplesPlace: number}} */
  let shown = { sampleSteps: [], samplesPlace: 0 };
  const renderSamples = createSlider(root, "samples-count", (place) =>
    change("samples", shown.sampleSteps[nextPlace(shown.samplesPlace, place)]),
  );
  const renderFraction = createSlider(root, "train-fraction", (percent) => change("train_fraction", percent / 100));
  const given = find(root, "#given-split", HTMLInputElement);
  const givenField = find(root, "#given-split-field", HTMLElement);
  const counts = find(root, "#share-counts", HTMLElement);
  given.onchange = () => change("split", given.checked ? "given" : "share");

  const render = whenChanged((/** @type {SharesData} */ data) => {
    shown = data;
    const { sampleSteps, samplesPlace: position } = data;
    renderSamples({ limits: placesOf(sampleSteps, position), position, text: data.samples });
    const limits = inPercent(data.fractionLimits);
    renderFraction({ limits, position: Math.round(data.fraction * 100), text: data.fractionText });
    givenField.hidden = !data.hasGiven;
    given.checked = data.isGiven;
    setText(counts, data.counts);
  });
  return { render, destroy() {} };
}
