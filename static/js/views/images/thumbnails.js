/** Pictures to press, each with what the network says to it. */

import { formatShare } from "../../core/format.js";
import { make } from "../elements.js";
import { drawPicture } from "./pixel-canvas.js";

/**
 * @typedef {{picture: Uint8Array, label: number, said: number, share: number}} Thumbnail share: probability of what was said
 * @typedef {{translator: import("../../i18n/i18n.js").Translator, names: readonly string[], shape: readonly number[] | null}} Legend
 */

/** @param {Thumbnail} thumbnail @param {Legend} legend @param {(intent: any) => void} onIntent */
function makeThumbnail({ picture, label, said, share }, { translator, names, shape }, onIntent) {
  const { t, language } = translator;
  const canvas = make("canvas", { class: "picture-tile__picture", "aria-hidden": "true" });
  if (shape) drawPicture(canvas, picture, shape);
  const words = { truth: names[label], said: names[said], share: formatShare(share, language, 0) };
  const text = make("span", { class: "picture-tile__text", "aria-hidden": "true" }, make("b", {}, words.said));
  text.append(` ${words.share}`);
  if (said !== label) text.append(make("small", {}, t("images.thumbnail.truth", words)));
  const spoken = make("span", { class: "spoken" }, t("images.thumbnail", words));
  const button = make("button", { type: "button", class: "picture-tile" }, canvas, text, spoken);
  button.onclick = () => onIntent({ type: "draw_sample", picture, label });
  return make("li", {}, button);
}

/**
 * @param {HTMLElement} list
 * @param {{onIntent: (intent: any) => void}} options
 */
export function createThumbnailsView(list, { onIntent }) {
  /** @type {readonly Thumbnail[] | null} */
  let shown = null;
  /** @type {Legend | null} */
  let shownWith = null;

  /** @type {{thumbnails: readonly Thumbnail[], legend: Legend} | null} */
  let newest = null;

  function fill() {
    if (newest === null) return;
    const { thumbnails, legend } = newest;
    const isSame = shownWith?.translator === legend.translator && shownWith.names === legend.names;
    if (thumbnails === shown && isSame) return;
    // Who is about to press a picture keeps it until the keys have left the list.
    if (list.contains(document.activeElement)) return;
    shown = thumbnails;
    shownWith = legend;
    list.replaceChildren(...thumbnails.map((thumbnail) => makeThumbnail(thumbnail, legend, onIntent)));
  }

  list.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && list.contains(relatedTarget))) setTimeout(fill);
  });
  return {
    /** @param {readonly Thumbnail[]} thumbnails @param {Legend} legend */
    render(thumbnails, legend) {
      newest = { thumbnails, legend };
      fill();
    },
  };
}
