/** Real samples, a row for each class, with how many there are of it. */

import { find, make, whenChanged } from "../elements.js";
import { paintPictures } from "./pixels.js";

/** @typedef {{name: string, places: readonly number[], share: number, count: string}} GalleryRow share: of the largest class */

/**
 * @typedef {object} GalleryData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {readonly GalleryRow[]} rows
 * @property {import("./pixels.js").PictureBytes | null} pictures null while they are on their way
 * @property {boolean} isCounted the counts are of all samples, not only of those that are shown
 * @property {boolean} isHidden
 */

/** Pictures in a row. */
const columns = 6;

/** @param {GalleryRow} row @param {import("./pixels.js").PictureBytes} bytes */
function galleryRow({ name, places, share, count }, bytes) {
  const canvas = make("canvas", { class: "gallery-row__pictures", "aria-hidden": "true" });
  const shown = places.slice(0, columns).map((place) => ({ bytes, place }));
  paintPictures(canvas, shown, columns);
  canvas.hidden = shown.length === 0;
  const bar = make("i", { class: "gallery-row__bar" });
  bar.style.width = `${share * 100}%`;
  const label = make("span", { class: "gallery-row__name", title: name }, name);
  const chart = make("span", { class: "gallery-row__chart" }, bar);
  return make(
    "li",
    { class: "gallery-row" },
    label,
    canvas,
    chart,
    make("span", { class: "gallery-row__count" }, count),
  );
}

/**
 * @param {ParentNode} root
 */
export function createSampleGalleryView(root) {
  const place = find(root, "#gallery", HTMLElement);
  const render = whenChanged((/** @type {GalleryData} */ { rows, pictures, isHidden, translator, isCounted }) => {
    place.hidden = isHidden;
    place.dataset.isLoading = String(pictures === null);
    if (!pictures) {
      // Nothing rather than pictures of another set.
      place.replaceChildren();
      return;
    }
    const list = make("ul", {}, ...rows.map((row) => galleryRow(row, pictures)));
    const about = make("p", { class: "image-gallery__about" });
    about.textContent = translator.t(isCounted ? "images.gallery.counted" : "images.gallery.first");
    place.replaceChildren(about, list);
  });
  return { render, destroy() {} };
}
