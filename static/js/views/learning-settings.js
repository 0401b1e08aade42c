/** How the network learns, beyond what a first lesson needs: in a drawer, so that the pictures stay in sight. */

import { formatRate } from "../core/format.js";
import { nextPlace } from "../core/rates.js";
import { find, setText, whenChanged } from "./elements.js";
import { createChoice, createNumberField, createSwitch } from "./learning-fields.js";
import { createRateCurve } from "./learning-schedule.js";
import { createSlider, placesOf } from "./slider.js";

/**
 * @typedef {import("./learning-fields.js").Limits} Limits
 * @typedef {{type: "change", name: string, value: any}} SettingIntent
 * @typedef {(name: string, value: any) => void} Change
 */

/**
 * @typedef {object} LearningSettingsData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {Record<string, any>} offer limits and choices
 * @property {any} spec
 * @property {readonly string[]} losses that fit the labels
 * @property {string} usedLoss what "auto" stands for
 * @property {readonly number[]} momentums
 * @property {number} momentumPlace
 * @property {string | null} momentumReason key; why there is no momentum to choose
 * @property {{kind: string, amount: number}} clipping
 * @property {any} schedule
 * @property {{epochs: number, shares: readonly number[]}} curve
 * @property {readonly string[]} stoppingMetrics that the labels have
 */

/** @typedef {(data: LearningSettingsData) => void} Draw */

/**
 * @param {LearningSettingsData["translator"]} translator
 * @param {string} group
 * @param {readonly string[]} words
 */
function named({ t }, group, words) {
  return words.map((value) => ({ value, text: t(`${group}.${value}`) }));
}

/** @param {ParentNode} root @param {Change} change @returns {Draw} */
function createLoss(root, change) {
  const choose = createChoice(root, "loss", (value) => change("loss", value));
  const words = find(root, "#loss-words", HTMLElement);
  const formulas = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".loss-formula__line")]);
  return ({ translator, losses, usedLoss, spec }) => {
    const { t } = translator;
    const usual = t("loss.auto", { loss: t(`loss.${usedLoss}`) });
    const choices = named(translator, "loss", losses);
    choose([{ value: "auto", text: usual }, ...choices.filter(({ value }) => value !== "auto")], spec.loss);
    for (const formula of formulas) formula.hidden = formula.dataset.loss !== usedLoss;
    setText(words, t(`loss.${usedLoss}.words`));
  };
}

/** @param {ParentNode} root @param {Change} change @returns {Draw} */
function createMomentum(root, change) {
  /** @type {LearningSettingsData | null} */
  let shown = null;
  const slide = createSlider(root, "momentum", (place) => {
    if (shown) change("momentum", shown.momentums[nextPlace(shown.momentumPlace, place)]);
  });
  const slider = find(root, "#momentum", HTMLInputElement);
  const lookAhead = createSwitch(root, "nesterov", (isOn) => change("nesterov", isOn));
  const reason = find(root, "#momentum-reason", HTMLElement);
  return (data) => {
    shown = data;
    const { translator, spec, momentums, momentumPlace, momentumReason } = data;
    const { momentum = 0, nesterov = false } = spec.optimizer;
    slide({
      limits: placesOf(momentums, momentumPlace),
      position: momentumPlace,
      text: formatRate(momentum, translator.language),
    });
    slider.disabled = momentumReason !== null;
    lookAhead(nesterov, momentumReason !== null || momentum === 0);
    setText(reason, translator.t(momentumReason ?? (momentum === 0 ? "momentum.nesterov_needs_it" : "momentum.words")));
  };
}

/** @param {ParentNode} root @param {Change} change @returns {Draw} */
function createSchedule(root, change) {
  const part = (/** @type {string} */ id, /** @type {string} */ name) =>
    createNumberField(root, id, (value) => change("schedule", { [name]: value }));
  const choose = createChoice(root, "schedule", (name) => change("schedule", { name }));
  const every = part("schedule-every", "every_epochs");
  const factor = part("schedule-factor", "factor");
  const epochs = part("schedule-epochs", "epochs");
  const final = part("schedule-final", "final_fraction");
  const drawCurve = createRateCurve(root);
  const groups = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-schedule]")]);
  return ({ translator, offer, schedule, curve, spec }) => {
    choose(named(translator, "schedule", offer.schedules), schedule.name);
    for (const group of groups) group.hidden = group.dataset.schedule !== schedule.name;
    every({ limits: offer.scheduleEvery, value: schedule.every_epochs });
    factor({ limits: offer.scheduleFactor, value: schedule.factor });
    epochs({ limits: offer.scheduleEpochs, value: schedule.epochs });
    final({ limits: offer.scheduleFinal, value: schedule.final_fraction });
    drawCurve({ translator, rate: spec.optimizer.learning_rate, curve });
  };
}

/** @param {ParentNode} root @param {Change} change @returns {Draw} */
function createClipping(root, change) {
  const choose = createChoice(root, "clipping", (kind) => change("clip_kind", kind));
  const amount = createNumberField(root, "clip-amount", (value) => change("clip_amount", value));
  const row = find(root, "#clip-amount-row", HTMLElement);
  return ({ translator, offer, clipping }) => {
    choose(named(translator, "clipping", ["none", "norm", "value"]), clipping.kind);
    amount({ limits: offer.clip, value: clipping.amount });
    row.hidden = clipping.kind === "none";
  };
}

/** @param {ParentNode} root @param {Change} change @returns {Draw} */
function createStopping(root, change) {
  const part = (/** @type {string} */ name) => (/** @type {any} */ value) => change("stopping", { [name]: value });
  const hasEpochs = createSwitch(root, "has-epochs", (isOn) => change("has_epochs", isOn));
  const epochs = createNumberField(root, "epochs", (value) => change("epochs", value));
  const epochsInput = find(root, "#epochs", HTMLInputElement);
  const stopsEarly = createSwitch(root, "early-stopping", (isOn) => change("stops_early", isOn));
  const fields = find(root, "#early-stopping-fields", HTMLElement);
  const metric = createChoice(root, "stopping-metric", part("metric"));
  const patience = createNumberField(root, "patience", part("patience"));
  const minDelta = createNumberField(root, "min-delta", part("min_delta"));
  const restoreBest = createSwitch(root, "restore-best", part("restore_best"));
  return ({ translator, offer, spec, stoppingMetrics }) => {
    const stopping = { ...offer.earlyStopping, ...spec.early_stopping };
    hasEpochs(spec.epochs !== null);
    epochsInput.hidden = spec.epochs === null;
    epochs({ limits: offer.epochs, value: spec.epochs ?? offer.scheduleEpochs.minimum });
    stopsEarly(Boolean(spec.early_stopping));
    fields.hidden = !spec.early_stopping;
    metric(named(translator, "metric", stoppingMetrics), stopping.metric);
    patience({ limits: offer.patience, value: stopping.patience });
    minDelta({ limits: offer.minDelta, value: stopping.min_delta });
    restoreBest(stopping.restore_best);
  };
}

/** @param {ParentNode} root @param {Change} change @returns {Draw} */
function createStart(root, change) {
  const seed = createNumberField(root, "seed", (value) => change("seed", value));
  const batchSize = createNumberField(root, "exact-batch-size", (value) => change("batch_size", value));
  return ({ offer, spec }) => {
    seed({ limits: offer.seed, value: spec.seed });
    batchSize({ limits: offer.batchSize, value: spec.batch_size });
  };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: SettingIntent) => void}} options
 */
export function createLearningSettingsView(root, { onIntent }) {
  /** @type {Change} */
  const change = (name, value) => onIntent({ type: "change", name, value });
  const parts = [createLoss, createMomentum, createSchedule, createClipping, createStopping, createStart];
  const draws = parts.map((create) => create(root, change));
  find(root, "#usual-settings", HTMLButtonElement).onclick = () => change("usual_settings", null);
  const render = whenChanged((/** @type {LearningSettingsData} */ data) => {
    for (const draw of draws) draw(data);
  });
  return { render, destroy() {} };
}
