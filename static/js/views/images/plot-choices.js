/** What of the curve is shown: loss or accuracy, the scale, and an earlier run where there is one. */

import { find, whenChanged } from "../elements.js";

/**
 * @typedef {object} PlotChoicesData
 * @property {"loss" | "accuracy"} metric
 * @property {boolean} isLogarithmic
 * @property {boolean} hasBatches there is a line for them, too
 * @property {boolean} hasEarlier an earlier run of this network can be shown
 * @property {boolean} showsEarlier
 */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "plot", name: string, value: unknown}) => void}} options
 */
export function createPlotChoicesView(root, { onIntent }) {
  const metrics = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll('input[name="plot-metric"]')]);
  const log = find(root, "#log-scale", HTMLInputElement);
  const earlier = find(root, "#earlier-run", HTMLInputElement);
  const legend = find(root, "#legend-batches", HTMLElement);
  const say = (/** @type {string} */ name, /** @type {unknown} */ value) => onIntent({ type: "plot", name, value });
  for (const choice of metrics) choice.onchange = () => say("metric", choice.value);
  log.onchange = () => say("isLogarithmic", log.checked);
  earlier.onchange = () => say("showsEarlier", earlier.checked);
  const render = whenChanged((/** @type {PlotChoicesData} */ data) => {
    const { metric, isLogarithmic, hasBatches, hasEarlier, showsEarlier } = data;
    for (const choice of metrics) choice.checked = choice.value === metric;
    log.checked = isLogarithmic;
    log.disabled = metric !== "loss";
    earlier.checked = showsEarlier;
    find(root, "#earlier-run-choice", HTMLElement).hidden = !hasEarlier;
    legend.hidden = !hasBatches;
  });
  return { render, destroy() {} };
}
