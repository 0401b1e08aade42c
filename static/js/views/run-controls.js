/** Run or pause, one step, start again. */

import { find, whenChanged } from "./elements.js";

/**
 * @typedef {{type: "run" | "pause" | "step" | "reset"}} RunIntent
 * @typedef {{translator: import("../i18n/i18n.js").Translator, offersPause: boolean, isReady: boolean}} RunControlsData
 */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: RunIntent) => void}} options
 */
export function createRunControlsView(root, { onIntent }) {
  const run = find(root, "#run", HTMLButtonElement);
  const step = find(root, "#step", HTMLButtonElement);
  const reset = find(root, "#reset", HTMLButtonElement);
  run.onclick = () => onIntent({ type: run.dataset.running === "true" ? "pause" : "run" });
  step.onclick = () => onIntent({ type: "step" });
  reset.onclick = () => onIntent({ type: "reset" });

  const render = whenChanged((/** @type {RunControlsData} */ { translator, offersPause, isReady }) => {
    const name = translator.t(offersPause ? "run.pause" : "run.run");
    run.dataset.running = String(offersPause);
    run.setAttribute("aria-label", name);
    run.title = name;
    for (const button of [run, step, reset]) button.disabled = !isReady;
  });
  return { render, destroy() {} };
}
