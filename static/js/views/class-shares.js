/** One row per class: its colour and shape (the legend), and how probable the network holds it at the place pointed at. */

import { formatShare } from "../core/format.js";
import { shapeOf } from "../core/shapes.js";
import { find, make, makeSvg, setText, whenChanged } from "./elements.js";
import { labelColor } from "./sample-dots.js";

/**
 * @typedef {object} ClassSharesData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {import("./sample-dots.js").Paint} paint
 * @property {readonly number[] | null} shares 0 to 1, one per class; null while nothing is pointed at
 */

/**
 * The dot of a class as a small drawing.
 * @param {number} index
 * @param {string} color
 * @returns {SVGElement}
 */
export function classMark(index, color) {
  const mark = makeSvg("svg", { viewBox: "-2 -2 4 4", class: "class-mark", "aria-hidden": "true" });
  const corners = shapeOf(index);
  const shape = corners
    ? makeSvg("polygon", { points: corners.map((corner) => corner.join()).join(" ") })
    : makeSvg("circle", { r: "1.15" });
  shape.setAttribute("fill", color);
  mark.append(shape);
  return mark;
}

/** @param {number} index @param {ClassSharesData} data */
function makeRow(index, { translator, paint }) {
  const color = labelColor(index, paint);
  const bar = make("i", { class: "share__bar", "aria-hidden": "true" }, make("b"));
  bar.style.setProperty("--tint", color);
  const name = translator.t("class.name", { class: index });
  return make(
    "li",
    { class: "share" },
    classMark(index, color),
    make("span", { class: "share__name" }, name),
    bar,
    make("span", { class: "share__value" }),
  );
}

/**
 * @param {ParentNode} root
 */
export function createClassSharesView(root) {
  const list = find(root, "#class-shares", HTMLElement);

  const render = whenChanged((/** @type {ClassSharesData} */ data, before) => {
    const { translator, paint, shares } = data;
    const count = paint.classes ?? 0;
    list.hidden = count === 0;
    if (before?.translator !== translator || before.paint !== paint) {
      list.replaceChildren(...Array.from({ length: count }, (_unused, index) => makeRow(index, data)));
    }
    [...list.children].forEach((row, index) => {
      const share = shares?.[index];
      find(row, "b", HTMLElement).style.width = `${(share ?? 0) * 100}%`;
      setText(find(row, ".share__value", HTMLElement), formatShare(share, translator.language, 0));
    });
  });
  return { render, destroy() {} };
}
