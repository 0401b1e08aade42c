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
 * @property {number} ahead runs before this one in line
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
  let spokenAhead = 0;

  /** @param {AnnouncerData} data */
  function textOf({ translator: { t, language }, epoch, valLoss, status, sentence, ahead }) {
    const saying = t(sentence, { count: ahead });
    if (status === "queued") return saying;
    const progress = t("spoken.progress", {
      epoch: formatCount(epoch, language),
      val_loss: formatLoss(valLoss, language),
    });
    return status === spokenStatus ? progress : `${saying} ${progress}`;
  }

  /** @param {AnnouncerData} data */
  function render(data) {
    const isMoving = data.status === "running" || data.ahead !== spokenAhead;
    if (data.status === spokenStatus && (!isMoving || now() - spokenAt < restMs)) return;
    setText(voice, textOf(data));
    spokenAt = now();
    spokenStatus = data.status;
    spokenAhead = data.ahead;
  }
  return { render, destroy() {} };
}
