/** How a picture network learns: rate, optimizer, batch, epochs, first weights. */

import { formatCount, formatRate } from "../../core/format.js";
import { nextPlace } from "../../core/rates.js";
import { fillSelect, find, whenChanged } from "../elements.js";
import { createNumberField } from "../learning-fields.js";
import { createSlider, placesOf } from "../slider.js";

/** @typedef {import("../learning-fields.js").Limits} Limits */

/**
 * @typedef {object} LearningChoicesData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {readonly number[]} learningRates steps of the slider
 * @property {number} learningRate
 * @property {number} learningRatePlace among them, or between two
 * @property {readonly string[]} optimizers
 * @property {string} optimizer
 * @property {readonly number[]} batchSizes
 * @property {number} batchSize
 * @property {number | null} epochs
 * @property {Limits} epochLimits
 * @property {number} seed
 * @property {Limits} seedLimits
 */

/** Where nobody set an end, the field offers this one. */
const usualEpochs = 20;

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "change", name: string, value: any}) => void}} options
 */
export function createLearningChoicesView(root, { onIntent }) {
  const change = (/** @type {string} */ name) => (/** @type {any} */ value) =>
    onIntent({ type: "change", name, value });
  const optimizer = find(root, "#optimizer", HTMLSelectElement);
  const batchSize = find(root, "#batch-size", HTMLSelectElement);
  optimizer.onchange = () => change("optimizer")(optimizer.value);
  batchSize.onchange = () => change("batch_size")(Number(batchSize.value));
  /** @type {{learningRates: readonly number[], learningRatePlace: number}} */
  let shown = { learningRates: [], learningRatePlace: 0 };
  const renderRate = createSlider(root, "learning-rate", (place) =>
    change("learning_rate")(shown.learningRates[nextPlace(shown.learningRatePlace, place)]),
  );
  const renderEpochs = createNumberField(root, "epochs", change("epochs"));
  const renderSeed = createNumberField(root, "seed", change("seed"));

  const render = whenChanged((/** @type {LearningChoicesData} */ data) => {
    shown = data;
    const { translator, learningRates, learningRatePlace: position } = data;
    const { orElse, language } = translator;
    const named = data.optimizers.map((value) => ({ value, text: orElse(`optimizer.${value}`, value) }));
    const sizes = [...new Set([...data.batchSizes, data.batchSize])].sort((one, other) => one - other);
    const counted = sizes.map((size) => ({ value: String(size), text: formatCount(size, language) }));
    renderRate({ limits: placesOf(learningRates, position), position, text: formatRate(data.learningRate, language) });
    fillSelect(optimizer, named, data.optimizer);
    fillSelect(batchSize, counted, String(data.batchSize));
    renderEpochs({ limits: data.epochLimits, value: data.epochs ?? usualEpochs });
    renderSeed({ limits: data.seedLimits, value: data.seed });
  });
  return { render, destroy() {} };
}
