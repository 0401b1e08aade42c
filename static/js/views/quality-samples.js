/** The samples of the cell that was pressed: where they are, and what the network says to each. */

import { formatCount, formatShare, formatSigned } from "../core/format.js";
import { find, make, setText, whenChanged } from "./elements.js";
import { classText, makeClassName } from "./quality-class-name.js";

/** @typedef {{place: readonly number[], predicted: number, certainty: number}} ListedSample */

/**
 * @typedef {object} QualitySamplesData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {number | null} classes null hides it
 * @property {any} chosen the cell that is pressed: kind "cell", truth, predicted
 * @property {"train" | "val"} share
 * @property {{total: number, rows: readonly ListedSample[]} | null} listed null when no cell is pressed
 */

/** @param {ListedSample} sample @param {QualitySamplesData} data */
function makeRow({ place, predicted, certainty }, { translator, classes }) {
  const { language } = translator;
  const answer = make("td", {}, makeClassName(predicted, classes ?? 2, translator));
  answer.append(make("small", {}, formatShare(certainty, language, 0)));
  return make("tr", {}, ...place.map((number) => make("td", {}, formatSigned(number, language))), answer);
}

/** @param {QualitySamplesData} data @returns {string} */
function titleOf({ chosen, listed, share, translator }) {
  if (chosen?.kind !== "cell" || !listed) return translator.t("quality.samples");
  return translator.t(`quality.samples.${share}`, {
    truth: classText(chosen.truth, translator),
    predicted: classText(chosen.predicted, translator),
    count: formatCount(listed.total, translator.language),
    amount: listed.total,
  });
}

/** @param {ParentNode} root */
function showPicture(root) {
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  find(root, "#output", HTMLElement).scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
}

/**
 * @param {ParentNode} root
 */
export function createQualitySamplesView(root) {
  const section = find(root, "#quality-samples", HTMLElement);
  const title = find(root, "#quality-samples-title", HTMLElement);
  const list = find(root, "#quality-samples-list", HTMLElement);
  const body = find(root, "#quality-samples-rows", HTMLElement);
  const hint = find(root, "#quality-samples-hint", HTMLElement);
  const more = find(root, "#quality-samples-more", HTMLElement);
  const show = find(root, "#quality-show", HTMLButtonElement);
  const voice = find(root, "#quality-voice", HTMLElement);
  let spokenFor = "";
  show.onclick = () => showPicture(root);

  /** Told once when a cell is pressed, not each time the network has learned something. @param {QualitySamplesData} data */
  function speak(data) {
    const { chosen, share, listed } = data;
    const key = chosen?.kind === "cell" && listed ? JSON.stringify([chosen, share]) : "";
    if (key !== spokenFor) setText(voice, key ? titleOf(data) : "");
    spokenFor = key;
  }

  const redraw = whenChanged((/** @type {QualitySamplesData} */ data) => {
    const { classes, listed, translator } = data;
    section.hidden = classes === null;
    const rows = listed?.rows ?? [];
    setText(title, titleOf(data));
    hint.hidden = listed !== null;
    list.hidden = listed === null;
    show.hidden = rows.length === 0;
    body.replaceChildren(...rows.map((row) => makeRow(row, data)));
    const left = (listed?.total ?? 0) - rows.length;
    more.hidden = left === 0;
    setText(more, left ? translator.t("quality.samples.more", { more: formatCount(left, translator.language) }) : "");
    speak(data);
  });
  /** @param {QualitySamplesData} data */
  const render = ({ translator, classes, chosen, share, listed }) =>
    redraw({ translator, classes, chosen, share, listed });
  return { render, destroy() {} };
}
