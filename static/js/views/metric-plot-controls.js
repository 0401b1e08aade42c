/** What of the curve is shown and how: the metric, the scales, the smoothing; and the pin. */

import { mostSmoothing } from "../core/smoothing.js";
import { find, setText, whenChanged } from "./elements.js";
import { createSlider } from "./slider.js";

/**
 * @typedef {object} PlotControlsData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {string} metric
 * @property {boolean} hasAccuracy
 * @property {boolean} isLogarithmic
 * @property {boolean} hasLogEpochs
 * @property {number} smoothing
 * @property {boolean} isPinned
 * @property {boolean} canPin
 */

/**
 * @typedef {{type: "plot" | "display", name: string, value: unknown} | {type: "pin" | "unpin"}} PlotIntent
 */

/** A menu closes when one presses Escape or goes elsewhere. @param {HTMLDetailsElement} menu */
function closeWhenLeft(menu) {
  const summary = find(menu, "summary", HTMLElement);
  menu.onkeydown = (key) => {
    if (key.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
  };
  const onPress = (/** @type {Event} */ press) => {
    if (menu.open && !menu.contains(/** @type {Node} */ (press.target))) menu.open = false;
  };
  document.addEventListener("pointerdown", onPress);
  document.addEventListener("focusin", onPress);
  return () => {
    document.removeEventListener("pointerdown", onPress);
    document.removeEventListener("focusin", onPress);
  };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: PlotIntent) => void}} options
 */
export function createPlotControlsView(root, { onIntent }) {
  const metrics = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll('input[name="plot-metric"]')]);
  const log = find(root, "#log-scale", HTMLInputElement);
  const logEpochs = find(root, "#log-epochs", HTMLInputElement);
  const pin = find(root, "#pin-run", HTMLButtonElement);
  const pinText = find(root, "#pin-run-text", HTMLElement);
  const menu = find(root, "#plot-menu", HTMLDetailsElement);
  const say = (/** @type {string} */ name, /** @type {unknown} */ value) => onIntent({ type: "plot", name, value });
  const showSmoothing = createSlider(root, "smoothing", (value) => say("smoothing", value));
  for (const choice of metrics) choice.onchange = () => say("metric", choice.value);
  log.onchange = () => onIntent({ type: "display", name: "isLogarithmic", value: log.checked });
  logEpochs.onchange = () => say("hasLogEpochs", logEpochs.checked);
  pinText.removeAttribute("data-i18n");
  const destroy = closeWhenLeft(menu);

  const render = whenChanged((/** @type {PlotControlsData} */ data) => {
    const { t, language } = data.translator;
    for (const choice of metrics) choice.checked = choice.value === data.metric;
    for (const choice of metrics) choice.disabled = choice.value === "accuracy" && !data.hasAccuracy;
    log.checked = data.isLogarithmic;
    log.disabled = data.metric !== "loss";
    logEpochs.checked = data.hasLogEpochs;
    const text = new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(data.smoothing);
    showSmoothing({ limits: { minimum: 0, maximum: mostSmoothing, step: 0.01 }, position: data.smoothing, text });
    setText(pinText, t(data.isPinned ? "runs.unpin" : "runs.pin"));
    pin.disabled = !data.canPin;
    pin.dataset.pinned = String(data.isPinned);
    pin.onclick = () => onIntent({ type: data.isPinned ? "unpin" : "pin" });
  });
  return { render, destroy };
}
