/** How good the network is in one number, for the samples it learned from and for those it never saw. */

import { formatCount, formatShare, formatSigned } from "../core/format.js";
import { find, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} Headline
 * @property {number | null} value accuracy, or R²
 * @property {number | null} right samples
 * @property {number | null} total samples
 * @property {number | null} error mean absolute
 */

/**
 * @typedef {object} QualityHeadlineData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number | null} classes null for numbers
 * @property {"train" | "val"} share
 * @property {{train: Headline, val: Headline}} headlines
 * @property {boolean} hasGap
 */

/** @typedef {{type: "quality_share", share: string}} ShareIntent */

/** @param {Headline} headline @param {QualityHeadlineData} data */
function valueText({ value }, { classes, translator: { language } }) {
  if (classes !== null) return formatShare(value, language);
  return value === null ? "–" : formatSigned(value, language);
}

/** @param {Headline} headline @param {QualityHeadlineData} data */
function detailText({ right, total, error }, { classes, translator: { t, language } }) {
  if (classes === null) return t("quality.error", { error: error === null ? "–" : formatSigned(error, language) });
  if (right === null || total === null) return "–";
  return t("quality.right", { right: formatCount(right, language), total: formatCount(total, language) });
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: ShareIntent) => void}} options
 */
export function createQualityHeadlineView(root, { onIntent }) {
  const name = find(root, "#quality-measure", HTMLElement);
  const sentence = find(root, "#quality-sentence", HTMLElement);
  const shares = /** @type {("train" | "val")[]} */ (["train", "val"]).map((share) => ({
    share,
    value: find(root, `#quality-${share}`, HTMLElement),
    detail: find(root, `#quality-${share}-detail`, HTMLElement),
    radio: find(root, `#quality-share-${share}`, HTMLInputElement),
  }));
  for (const { share, radio } of shares) radio.onchange = () => onIntent({ type: "quality_share", share });

  const render = whenChanged((/** @type {QualityHeadlineData} */ data) => {
    const { t } = data.translator;
    const isNumber = data.classes === null;
    setText(name, t(isNumber ? "quality.explained" : "quality.accuracy"));
    const about = t(isNumber ? "quality.explained.about" : "quality.accuracy.about");
    setText(sentence, data.hasGap ? t("quality.gap") : about);
    for (const { share, value, detail, radio } of shares) {
      setText(value, valueText(data.headlines[share], data));
      setText(detail, detailText(data.headlines[share], data));
      radio.checked = data.share === share;
    }
  });
  return { render, destroy() {} };
}
