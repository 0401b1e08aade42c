/** How many test pictures are right, class by class; the pictures of a cell; the errors the network is surest of. */

import { formatCount, formatShare } from "../../core/format.js";
import { find, setText, whenChanged } from "../elements.js";
import { fillAnswerBar, makeAnswerBar } from "./answer-bar.js";
import { createThumbnailsView } from "./thumbnails.js";

/** @typedef {import("./thumbnails.js").Thumbnail} Thumbnail */

/**
 * @typedef {object} PictureQualityData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {readonly string[]} names
 * @property {readonly number[] | null} shape of a picture
 * @property {{kind: "cell", truth: number, predicted: number} | null} chosen
 * @property {number | null} accuracy
 * @property {number} right
 * @property {number} total
 * @property {number} answered share of the pictures that were answered
 * @property {string | null} trouble
 * @property {readonly import("../../core/confusion.js").ClassQuality[] | null} qualities
 * @property {readonly Thumbnail[] | null} errors
 * @property {{total: number, thumbnails: readonly Thumbnail[]} | null} cell
 */

/** @type {readonly Thumbnail[]} */
const none = Object.freeze([]);

/** @param {HTMLElement} list */
function createClassBars(list) {
  let builtFor = "";
  /** @type {HTMLElement[]} */
  let bars = [];
  return (/** @type {PictureQualityData} */ { names, qualities, translator }) => {
    const key = names.join("\n");
    if (key !== builtFor) {
      bars = names.map(makeAnswerBar);
      list.replaceChildren(...bars);
    }
    builtFor = key;
    bars.forEach((bar, label) => {
      const recall = qualities?.[label]?.recall ?? null;
      fillAnswerBar(bar, recall ?? 0, formatShare(recall, translator.language, 0));
    });
  };
}

/** @param {PictureQualityData} data @returns {string} */
function headlineOf({ translator: { t, language }, accuracy, right, total, trouble }) {
  if (trouble) return trouble;
  if (accuracy === null) return t("images.quality.waiting");
  const counts = { right: formatCount(right, language), total: formatCount(total, language) };
  return t("images.quality.headline", { ...counts, share: formatShare(accuracy, language, 1) });
}

/** @param {PictureQualityData} data @returns {string} */
function cellTitle({ translator: { t, language }, chosen, cell, names }) {
  if (!chosen || !cell) return t("images.quality.cell.hint");
  const words = { truth: names[chosen.truth], said: names[chosen.predicted] };
  return t("images.quality.cell", { ...words, count: formatCount(cell.total, language), amount: cell.total });
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: any) => void}} options
 */
export function createPictureQualityView(root, options) {
  const headline = find(root, "#quality-headline", HTMLElement);
  const progress = find(root, "#quality-progress", HTMLProgressElement);
  const cell = find(root, "#quality-cell-title", HTMLElement);
  const errorsTitle = find(root, "#quality-errors-hint", HTMLElement);
  const fillBars = createClassBars(find(root, "#quality-class-bars", HTMLElement));
  const members = createThumbnailsView(find(root, "#quality-cell", HTMLElement), options);
  const errors = createThumbnailsView(find(root, "#quality-errors", HTMLElement), options);

  const render = whenChanged((/** @type {PictureQualityData} */ data) => {
    setText(headline, headlineOf(data));
    progress.value = data.answered;
    progress.dataset.done = String(data.answered === 1);
    setText(cell, cellTitle(data));
    fillBars(data);
    members.render(data.cell?.thumbnails ?? none, data);
    errors.render(data.errors ?? none, data);
    const isFlawless = data.errors?.length === 0;
    setText(errorsTitle, data.translator.t(isFlawless ? "images.quality.flawless" : "images.quality.errors.about"));
  });
  return { render, destroy() {} };
}
