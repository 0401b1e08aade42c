/** The settings as they are said aloud when something else than their own control changed them. */

import { formatCount, formatRate, formatShare } from "../../core/format.js";
import { memoizeLast } from "../../core/memoize.js";

/** @typedef {import("../page-state.js").PageState} PageState */

const written = memoizeLast(
  (
    /** @type {PageState["spec"]} */ spec,
    /** @type {PageState["display"]} */ display,
    /** @type {PageState["penalty"]} */ penalty,
    /** @type {string} */ activation,
    /** @type {PageState["translator"]} */ { t, orElse, language },
  ) => {
    const number = (/** @type {number} */ value) => formatRate(value, language);
    const isOn = (/** @type {boolean} */ value) => t(value ? "spoken.on" : "spoken.off");
    const { dataset, optimizer } = spec;
    /** @type {[id: string, name: string, value: string][]} */
    const all = [
      ["learning-rate", "control.learning_rate", number(optimizer.learning_rate)],
      ["optimizer", "control.optimizer", t(`optimizer.${optimizer.name}`)],
      ["activation", "control.activation", t(`activation.${activation}`)],
      ["regularization", "control.regularization", t(`penalty.${penalty.kind}`)],
      ["regularization-rate", "control.regularization_rate", number(penalty.rate)],
      ["batch-size", "control.batch_size", number(spec.batch_size)],
      ["dataset", "control.dataset", orElse(`dataset.${dataset.name}`, dataset.name)],
      ["noise", "control.noise", number(dataset.noise)],
      ["train-fraction", "control.train_fraction", formatShare(dataset.train_fraction, language, 0)],
      ["loss", "setting.loss", spec.loss === "auto" ? t("spoken.automatic") : t(`loss.${spec.loss}`)],
      ["", "help.seed.name", formatCount(spec.seed, language)],
      ["", "spoken.sample", formatCount(dataset.seed, language)],
      ["show-test-data", "output.show_test_data", isOn(display.showsTestData)],
      ["discretize", "output.discretize", isOn(display.isDiscrete)],
      ["log-scale", "plot.log", isOn(display.isLogarithmic)],
    ];
    return all.map(([id, name, value]) => ({ id, name: t(name), value }));
  },
);

/**
 * @param {PageState} state
 * @returns {readonly import("../../views/announcer.js").Setting[]} the same ones in the same order each time
 */
export function spokenSettings({ spec, display, penalty, activation, translator }) {
  return written(spec, display, penalty, activation, translator);
}
