/** Sliders and choices; each change is reported, nothing is decided here. */

import { formatRate, formatShare } from "../core/format.js";
import { nearestStep } from "../core/rates.js";
import { fillSelect, find, whenChanged } from "./elements.js";
import { createSlider, inPercent } from "./slider.js";

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
 * @property {number[]} penaltyRates
 * @property {readonly (number | null)[]} speeds
 * @property {string[]} problems
 * @property {string} problem
 * @property {any} spec
 * @property {string} activation
 * @property {string} penaltyKind
 * @property {number} penaltyRate
 * @property {number | null} speed
 */

/**
 * @param {ParentNode} root
 * @param {OnIntent} onIntent
 * @returns {(data: SpecControlsData) => void}
 */
function createSliders(root, onIntent) {
  /** @type {number[]} */
  let rates = [];
  const change = (/** @type {string} */ name, /** @type {number} */ value) => onIntent({ type: "change", name, value });
  const renderRate = createSlider(root, "learning-rate", (index) => change("learning_rate", rates[index]));
  const renderShare = createSlider(root, "train-fraction", (percent) => change("train_fraction", percent / 100));
  const renderNoise = createSlider(root, "noise", (noise) => change("noise", noise));
  const renderBatchSize = createSlider(root, "batch-size", (size) => change("batch_size", size));
  return ({ translator: { language }, offer, spec, learningRates }) => {
    rates = learningRates;
    const rate = spec.optimizer.learning_rate;
    const { train_fraction: share, noise } = spec.dataset;
    const write = (/** @type {number} */ value) => formatRate(value, language);
    const places = { minimum: 0, maximum: rates.length - 1, step: 1 };
    renderRate({ limits: places, position: nearestStep(rates, rate), text: write(rate) });
    renderShare({
      limits: inPercent(offer.trainFraction),
      position: Math.round(share * 100),
      text: formatShare(share, language, 0),
    });
    renderNoise({ limits: offer.noise, position: noise, text: write(noise) });
    renderBatchSize({ limits: offer.batchSize, position: spec.batch_size, text: write(spec.batch_size) });
  };
}

/** @param {SpecControlsData} data @returns {{value: string, text: string}[]} */
function rateChoices({ translator, penaltyRates, penaltyRate }) {
  const rates = [...new Set([...penaltyRates, penaltyRate])].sort((a, b) => a - b);
  return rates.map((rate) => ({ value: String(rate), text: formatRate(rate, translator.language) }));
}

/** @param {SpecControlsData} data @returns {{value: string, text: string}[]} */
function speedChoices({ translator: { t }, speeds, speed }) {
  const all = speeds.includes(speed) ? speeds : [speed, ...speeds];
  const write = (/** @type {number | null} */ each) =>
    each === null ? t("speed.fastest") : t("speed.epochs", { count: each });
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
 * @param {ParentNode} root
 * @param {{onIntent: OnIntent}} options
 */
export function createSpecControlsView(root, { onIntent }) {
  const renderSliders = createSliders(root, onIntent);
  const renderSelects = createSelects(root, onIntent);
  for (const [id, name] of [
    ["new-sample", "new_sample"],
    ["new-start", "new_start"],
  ]) {
    find(root, `#${id}`, HTMLButtonElement).onclick = () => onIntent({ type: "change", name, value: null });
  }
  const render = whenChanged((/** @type {SpecControlsData} */ data) => {
    renderSliders(data);
    renderSelects(data);
  });
  return { render, destroy() {} };
}
