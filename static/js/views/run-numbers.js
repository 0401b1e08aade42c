/** The four numbers of a run, and the sentence that says what it is doing. */

import { formatCount, formatLoss, formatShare } from "../core/format.js";
import { find, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} RunNumbersData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number} epoch
 * @property {number | null} loss
 * @property {number | null} valLoss
 * @property {number | null} valAccuracy
 * @property {boolean} hasAccuracy a regression has none
 * @property {string} sentence key of the text
 * @property {boolean} isInLine it waits for a place
 * @property {number} ahead runs before this one in line
 * @property {string} status
 */

/**
 * @param {ParentNode} root
 */
export function createRunNumbersView(root) {
  const epoch = find(root, "#epoch", HTMLElement);
  const loss = find(root, "#training-loss", HTMLElement);
  const valLoss = find(root, "#test-loss", HTMLElement);
  const valAccuracy = find(root, "#test-accuracy", HTMLElement);
  const sentence = find(root, "#sentence", HTMLElement);
  const text = find(root, "#sentence-text", HTMLElement);
  text.removeAttribute("data-i18n");

  const render = whenChanged((/** @type {RunNumbersData} */ data) => {
    const { language, t } = data.translator;
    setText(epoch, formatCount(data.epoch, language));
    setText(loss, formatLoss(data.loss, language));
    setText(valLoss, formatLoss(data.valLoss, language));
    setText(valAccuracy, data.hasAccuracy ? formatShare(data.valAccuracy, language) : "–");
    setText(text, t(data.sentence, { count: data.ahead }));
    sentence.dataset.state = data.status;
    sentence.dataset.inLine = String(data.isInLine);
  });
  return { render, destroy() {} };
}
