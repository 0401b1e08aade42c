/** Settings of a spec in words: what they are called, and their values as people write them. */

import { getFeature } from "../../core/features.js";
import { formatRate, formatShare } from "../../core/format.js";
import { wayMark } from "./run-name.js";

/**
 * @typedef {import("../../i18n/i18n.js").Translator} Translator
 * @typedef {import("../../state/spec-differences.js").Plain} Plain
 */

/** Settings whose values have names, and what the keys of these names begin with. @type {Record<string, string>} */
const named = {
  "dataset.name": "dataset",
  "optimizer.name": "optimizer",
  "optimizer.schedule.name": "schedule",
  "layers.activation": "activation",
  loss: "loss",
};

/**
 * @param {string} setting such as "optimizer.learning_rate"
 * @param {Translator} translator
 * @returns {string} the path in words for a setting that has no name yet
 */
export function settingLabel(setting, translator) {
  return translator.orElse(`compare.${setting}`, setting.replace(/[._]/g, " "));
}

/** @param {string} name @param {Translator} translator */
function featureName(name, translator) {
  try {
    return getFeature(name).label;
  } catch {
    return translator.orElse(`feature.${name}`, name);
  }
}

/**
 * @param {string} setting
 * @param {Plain} value
 * @param {Translator} translator
 * @returns {string}
 */
export function settingValue(setting, value, translator) {
  const { t, orElse, language } = translator;
  if (value === null || value === "") return "–";
  if (setting === "dataset.train_fraction") return formatShare(Number(value), language, 0);
  if (typeof value === "number") return formatRate(value, language);
  if (typeof value === "boolean") return t(value ? "compare.yes" : "compare.no");
  if (value.includes(wayMark))
    return value
      .split(wayMark)
      .map((rate) => formatRate(Number(rate), language))
      .join(wayMark);
  const parts = value.split(", ");
  if (setting === "features") return parts.map((name) => featureName(name, translator)).join(", ");
  if (setting === "loss" && value === "auto") return t("compare.loss.auto");
  const prefix = named[setting];
  return prefix ? parts.map((name) => orElse(`${prefix}.${name}`, name)).join(", ") : value;
}
