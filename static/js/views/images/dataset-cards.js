/** Sets of pictures to choose from, each with a few of its pictures. */

import { find, make, setText, whenChanged } from "../elements.js";
import { paintPictures } from "./pixels.js";

/**
 * @typedef {object} DatasetCard
 * @property {string} key
 * @property {string} title
 * @property {string} about
 * @property {import("./pixels.js").PictureBytes | null} pictures null while there are none to show
 */

/** Pictures on a card, in one row. */
const shown = 6;

/** @param {DatasetCard} card @param {(key: string) => void} onChoose */
function makeCard({ key }, onChoose) {
  const input = make("input", { type: "radio", name: "dataset", value: key, class: "fills-card" });
  const canvas = make("canvas", { class: "image-set__pictures", width: "8", height: "1", "aria-hidden": "true" });
  const title = make("strong", {});
  const about = make("span", {});
  input.onchange = () => onChoose(key);
  const element = make("label", { class: "image-set", "data-key": key }, input, canvas, title, about);
  return { key, input, canvas, title, about, element, pictures: /** @type {unknown} */ (null) };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "change", name: "dataset", value: string}) => void}} options
 */
export function createDatasetCardsView(root, { onIntent }) {
  const place = find(root, "#dataset", HTMLElement);
  const choose = (/** @type {string} */ value) => onIntent({ type: "change", name: "dataset", value });
  /** @type {ReturnType<typeof makeCard>[]} */
  let views = [];

  /** @param {DatasetCard} card @param {number} index */
  function renderCard({ title, about, pictures }, index) {
    const view = views[index];
    setText(view.title, title);
    setText(view.about, about);
    view.element.title = title;
    view.element.dataset.isEmpty = String(pictures === null);
    if (pictures === view.pictures) return;
    view.pictures = pictures;
    const bytes = pictures;
    if (!bytes) return;
    const [height, width, channels] = bytes.shape;
    const count = Math.min(shown, Math.floor(bytes.pictures.length / (height * width * channels)));
    const all = Array.from({ length: count }, (_, each) => ({ bytes, place: each }));
    paintPictures(view.canvas, all, shown);
  }

  const render = whenChanged((/** @type {{cards: readonly DatasetCard[], chosen: string}} */ { cards, chosen }) => {
    if (cards.map(({ key }) => key).join() !== views.map(({ key }) => key).join()) {
      const known = new Map(views.map((view) => [view.key, view]));
      views = cards.map((card) => known.get(card.key) ?? makeCard(card, choose));
      place.replaceChildren(...views.map(({ element }) => element));
    }
    cards.forEach(renderCard);
    for (const { key, input } of views) input.checked = key === chosen;
  });
  return { render, destroy() {} };
}
