/** How many samples and classes there are, which sample it is, and the way to take the data home. */

import { formatCount } from "../core/format.js";
import { nextPlace, placeAmong } from "../core/rates.js";
import { find, setText, whenChanged } from "./elements.js";
import { createSlider, placesOf } from "./slider.js";

/**
 * @typedef {object} DataControlsData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {readonly number[] | null} sampleSteps numbers of samples to choose from; null where the data decide
 * @property {number} samples
 * @property {{minimum: number, maximum: number} | null} classLimits null where the data decide
 * @property {number} classes
 * @property {number} seed
 * @property {boolean} isDrawn another seed gives other samples
 * @property {boolean} hasSamples
 */

/** @typedef {{type: "change", name: string, value: number} | {type: "download_data"}} DataControlIntent */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: DataControlIntent) => void}} options
 */
export function createDataControlsView(root, { onIntent }) {
  const samplesField = find(root, "#samples-count-field", HTMLElement);
  const classesField = find(root, "#classes-field", HTMLElement);
  const number = find(root, "#sample-number", HTMLElement);
  const newSample = find(root, "#new-sample", HTMLButtonElement);
  const download = find(root, "#download-data", HTMLButtonElement);
  /** @type {readonly number[]} */
  let steps = [];
  let place = 0;
  const change = (/** @type {string} */ name, /** @type {number} */ value) => onIntent({ type: "change", name, value });
  const renderSamples = createSlider(root, "samples-count", (moved) =>
    change("samples", steps[nextPlace(place, moved)]),
  );
  const renderClasses = createSlider(root, "classes", (count) => change("classes", count));
  download.onclick = () => onIntent({ type: "download_data" });

  const render = whenChanged((/** @type {DataControlsData} */ data) => {
    const { translator, sampleSteps, samples, classLimits, classes, seed } = data;
    const write = (/** @type {number} */ count) => formatCount(count, translator.language);
    steps = sampleSteps ?? [];
    samplesField.hidden = sampleSteps === null;
    classesField.hidden = classLimits === null;
    place = placeAmong(steps, samples);
    if (sampleSteps) renderSamples({ limits: placesOf(steps, place), position: place, text: write(samples) });
    if (classLimits) renderClasses({ limits: { ...classLimits, step: 1 }, position: classes, text: write(classes) });
    setText(number, translator.t("control.sample_number", { number: seed }));
    number.hidden = !data.isDrawn;
    newSample.disabled = !data.isDrawn;
    download.disabled = !data.hasSamples;
  });
  return { render, destroy() {} };
}
