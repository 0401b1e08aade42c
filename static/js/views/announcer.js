/** Tells screen readers what just changed, seldom enough to be listened to. */

import { formatCount, formatLoss } from "../core/format.js";
import { find, make, setText } from "./elements.js";

/**
 * @typedef {object} Setting
 * @property {string} id of the control; empty when no control says its value by itself
 * @property {string} name
 * @property {string} value
 */

/**
 * @typedef {object} AnnouncerData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number} epoch
 * @property {number | null} valLoss
 * @property {string} status
 * @property {string} sentence key
 * @property {number} ahead runs before this one in line
 * @property {readonly Setting[]} settings always the same ones in the same order
 */

const restMs = 15_000;

/** More changes at once than anybody would listen to. */
const mostSettings = 3;

/**
 * Says what a setting has become when that was not done with its own control: a key, a button, an example did it.
 * @param {HTMLElement} voice
 * @returns {(data: AnnouncerData) => void}
 */
function createSettingsVoice(voice) {
  /** @type {AnnouncerData | null} */
  let before = null;
  return (data) => {
    const last = before;
    before = data;
    if (last === null || last.translator !== data.translator || last.settings === data.settings) return;
    const { t } = data.translator;
    const focused = voice.ownerDocument.activeElement;
    const isSilent = (/** @type {string} */ id) => id === "" || focused?.closest(`#${id}`) === null;
    const changed = data.settings.filter(
      ({ id, value }, index) => value !== last.settings[index].value && isSilent(id),
    );
    if (changed.length === 0) return;
    const each = changed.map(({ name, value }) => t("spoken.setting", { name, value }));
    setText(voice, changed.length > mostSettings ? t("spoken.settings", { count: changed.length }) : each.join(". "));
  };
}

/**
 * @param {ParentNode} root
 * @param {{now: () => number}} options milliseconds
 */
export function createAnnouncerView(root, { now }) {
  const voice = find(root, "#announcer", HTMLElement);
  const settingsVoice = make("p", { class: "spoken", "aria-live": "polite" });
  voice.after(settingsVoice);
  const saySettings = createSettingsVoice(settingsVoice);
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
    saySettings(data);
    // A failure is an alert, which speaks for itself.
    if (data.status === "failed") spokenStatus = "failed";
    const isMoving = data.status === "running" || data.ahead !== spokenAhead;
    if (data.status === spokenStatus && (!isMoving || now() - spokenAt < restMs)) return;
    setText(voice, textOf(data));
    spokenAt = now();
    spokenStatus = data.status;
    spokenAhead = data.ahead;
  }
  return { render, destroy() {} };
}
