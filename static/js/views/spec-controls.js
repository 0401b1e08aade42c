/** Sliders and choices; each change is reported, nothing is decided here. */

import { formatCount, formatRate, formatShare } from "../core/format.js";
import { nextPlace } from "../core/rates.js";
import { fillSelect, find, make, setText, whenChanged } from "./elements.js";
import { createSlider, inPercent, placesOf, reaching } from "./slider.js";

/**
 * @typedef {import("./slider.js").Limits} Limits
 * @typedef {{type: "change", name: string, value: any}} ChangeIntent
 * @typedef {(intent: ChangeIntent) => void} OnIntent
 */

/**
 * @typedef {object} SpecControlsData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {{trainFraction: Limits, noise: Limits, batchSize: Limits, activations: string[], optimizers: string[]}} offer
 * @property {number[]} learningRates steps of the slider
 * @property {number} learningRatePlace among them, or between two
 * @property {number[]} penaltyRates
 * @property {readonly (number | null)[]} speeds
 * @property {string[]} problems
 * @property {string} problem
 * @property {any} spec
 * @property {string} activation
 * @property {string} penaltyKind
 * @property {number} penaltyRate
 * @property {number | null} speed
 * @property {readonly {key: string, params: Record<string, string | number>}[]} unusual settings of the drawer
 */

/**
 * @param {ParentNode} root
 * @param {OnIntent} onIntent
 * @returns {(data: SpecControlsData) => void}
 */
function createSliders(root, onIntent) {
  /** @type {{learningRates: number[], learningRatePlace: number}} */
  let shown = { learningRates: [], learningRatePlace: 0 };
  const change = (/** @type {string} */ name, /** @type {number} */ value) => onIntent({ type: "change", name, value });
  const renderRate = createSlider(root, "learning-rate", (place) =>
    change("learning_rate", shown.learningRates[nextPlace(shown.learningRatePlace, place)]),
  );
  const renderShare = createSlider(root, "train-fraction", (percent) => change("train_fraction", percent / 100));
  const renderNoise = createSlider(root, "noise", (noise) => change("noise", noise));
  const renderBatchSize = createSlider(root, "batch-size", (size) => change("batch_size", size));
  return (data) => {
    shown = data;
    const { offer, spec, learningRates, learningRatePlace } = data;
    const { language } = data.translator;
    const rate = spec.optimizer.learning_rate;
    const { train_fraction: share, noise } = spec.dataset;
    const write = (/** @type {number} */ value) => formatRate(value, language);
    const places = placesOf(learningRates, learningRatePlace);
    renderRate({ limits: places, position: learningRatePlace, text: write(rate) });
    renderShare({
      limits: inPercent(offer.trainFraction),
      position: Math.round(share * 100),
      text: formatShare(share, language, 0),
    });
    renderNoise({ limits: offer.noise, position: noise, text: write(noise) });
    const size = spec.batch_size;
    renderBatchSize({ limits: reaching(offer.batchSize, size), position: size, text: write(size) });
  };
}

/** @param {SpecControlsData} data @returns {{value: string, text: string}[]} */
function rateChoices({ translator, penaltyRates, penaltyRate }) {
  const rates = [...new Set([...penaltyRates, penaltyRate])].sort((a, b) => a - b);
  return rates.map((rate) => ({ value: String(rate), text: formatRate(rate, translator.language) }));
}

/** Epochs a second at which each one can be watched. */
const slowMotion = 1;

/** @param {SpecControlsData} data @returns {{value: string, text: string}[]} */
function speedChoices({ translator: { t }, speeds, speed }) {
  const all = [...new Set([speed, ...speeds])].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  const write = (/** @type {number | null} */ each) => {
    if (each === null) return t("speed.fastest");
    return t(each <= slowMotion ? "speed.slow" : "speed.epochs", { count: each });
  };
  return all.map((each) => ({ value: String(each), text: write(each) }));
}

/**
 * @param {ParentNode} root
 * @param {OnIntent} onIntent
 * @returns {(data: SpecControlsData) => void}
 */
function createSelects(root, onIntent) {
  const select = (/** @type {string} */ id, /** @type {string} */ name, read = (/** @type {any} */ value) => value) => {
    const element = find(root, `#${id}`, HTMLSelectElement);
    element.onchange = () => onIntent({ type: "change", name, value: read(element.value) });
    return element;
  };
  const problem = select("problem", "problem");
  const activation = select("activation", "activation");
  const optimizer = select("optimizer", "optimizer");
  const penaltyKind = select("regularization", "penalty_kind");
  const penaltyRate = select("regularization-rate", "penalty_rate", Number);
  const speed = select("speed", "speed", (value) => (value === "null" ? null : Number(value)));
  return (data) => {
    const { translator, offer, problems, spec } = data;
    const named = (/** @type {string} */ group, /** @type {readonly string[]} */ words) =>
      words.map((value) => ({ value, text: translator.orElse(`${group}.${value}`, value) }));
    fillSelect(problem, named("problem", problems), data.problem);
    fillSelect(activation, named("activation", offer.activations), data.activation);
    fillSelect(optimizer, named("optimizer", offer.optimizers), spec.optimizer.name);
    fillSelect(penaltyKind, named("penalty", ["none", "l1", "l2"]), data.penaltyKind);
    fillSelect(penaltyRate, rateChoices(data), String(data.penaltyRate));
    fillSelect(speed, speedChoices(data), String(data.speed));
  };
}

/**
 * Which first weights these are, and what is set in the drawer.
 * @param {ParentNode} root
 * @returns {(data: SpecControlsData) => void}
 */
function createSummary(root) {
  const start = find(root, "#start-number", HTMLElement);
  const list = find(root, "#unusual", HTMLElement);
  return ({ translator: { t, language }, spec, unusual }) => {
    setText(start, t("start.number", { number: formatCount(spec.seed, language) }));
    const write = (/** @type {any} */ value) => (typeof value === "number" ? formatRate(value, language) : value);
    const written = unusual.map(({ key, params }) => {
      const words = Object.entries(params).map(([name, value]) => [name, write(value)]);
      return t(key, { ...Object.fromEntries(words), ...("count" in params ? { amount: params.count } : {}) });
    });
    list.replaceChildren(...written.map((text) => make("li", { class: "chip" }, text)));
    list.hidden = written.length === 0;
  };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: OnIntent}} options
 */
export function createSpecControlsView(root, { onIntent }) {
  const renderSliders = createSliders(root, onIntent);
  const renderSelects = createSelects(root, onIntent);
  const renderSummary = createSummary(root);
  for (const [id, name] of [
    ["new-sample", "new_sample"],
    ["new-start", "new_start"],
  ]) {
    find(root, `#${id}`, HTMLButtonElement).onclick = () => onIntent({ type: "change", name, value: null });
  }
  const render = whenChanged((/** @type {SpecControlsData} */ data) => {
    renderSliders(data);
    renderSelects(data);
    renderSummary(data);
  });
  return { render, destroy() {} };
}
