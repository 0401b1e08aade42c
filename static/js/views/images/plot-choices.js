/** What of the curve is shown: loss or accuracy, and the scale. */

import { find, whenChanged } from "../elements.js";

/** @typedef {{metric: "loss" | "accuracy", isLogarithmic: boolean, hasBatches: boolean}} PlotChoicesData */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "plot", name: string, value: unknown}) => void}} options
 */
export function createPlotChoicesView(root, { onIntent }) {
  const metrics = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll('input[name="plot-metric"]')]);
  const log = find(root, "#log-scale", HTMLInputElement);
  const legend = find(root, "#legend-batches", HTMLElement);
  const say = (/** @type {string} */ name, /** @type {unknown} */ value) => onIntent({ type: "plot", name, value });
  for (const choice of metrics) choice.onchange = () => say("metric", choice.value);
  log.onchange = () => say("isLogarithmic", log.checked);
  const render = whenChanged((/** @type {PlotChoicesData} */ { metric, isLogarithmic, hasBatches }) => {
    for (const choice of metrics) choice.checked = choice.value === metric;
    log.checked = isLogarithmic;
    log.disabled = metric !== "loss";
    legend.hidden = !hasBatches;
  });
  return { render, destroy() {} };
}
