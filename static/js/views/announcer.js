/** Tells screen readers what just changed, seldom enough to be listened to. */

import { formatCount, formatLoss } from "../core/format.js";
import { find, setText } from "./elements.js";

/**
 * @typedef {object} AnnouncerData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number} epoch
 * @property {number | null} valLoss
 * @property {string} status
 * @property {string} sentence key
 */

const restMs = 15_000;

/**
 * @param {ParentNode} root
 * @param {{now: () => number}} options milliseconds
 */
export function createAnnouncerView(root, { now }) {
  const voice = find(root, "#announcer", HTMLElement);
  let spokenAt = -Infinity;
  let spokenStatus = "";

  /** @param {AnnouncerData} data */
  function render({ translator: { t, language }, epoch, valLoss, status, sentence }) {
    const isNews = status !== spokenStatus;
    if (!isNews && (status !== "running" || now() - spokenAt < restMs)) return;
    spokenAt = now();
    spokenStatus = status;
    const progress = t("spoken.progress", {
      epoch: formatCount(epoch, language),
      val_loss: formatLoss(valLoss, language),
    });
    setText(voice, isNews ? `${t(sentence)} ${progress}` : progress);
  }
  return { render, destroy() {} };
}
