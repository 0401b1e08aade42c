/** The picture on its way through the network: blocks that shrink and deepen. */

import { find, make, makeSvg, whenChanged } from "../elements.js";

/** @typedef {import("../../core/block-sizes.js").Block} Block */

/** Side of the largest front, and length of the longest depth, in pixels. */
const front = 52;
const deep = 26;

/** @param {number[][]} points */
const written = (points) => points.map((point) => point.map((value) => value.toFixed(1)).join()).join(" ");

/** A box seen from a little above and the right. @param {Block} block */
function drawBlock({ height, width, depth }) {
  const [w, h, d] = [width * front, height * front, depth * deep];
  const rise = d * 0.55;
  const [left, bottom] = [(front + deep - w - d) / 2, front + deep * 0.55];
  const top = bottom - h;
  const drawing = makeSvg("svg", { viewBox: `0 0 ${front + deep} ${bottom + 1}`, "aria-hidden": "true" });
  const side = [
    [left + w, top],
    [left + w + d, top - rise],
    [left + w + d, bottom - rise],
    [left + w, bottom],
  ];
  const lid = [
    [left, top],
    [left + d, top - rise],
    [left + w + d, top - rise],
    [left + w, top],
  ];
  drawing.append(
    makeSvg("polygon", { class: "block__lid", points: written(lid) }),
    makeSvg("polygon", { class: "block__side", points: written(side) }),
    makeSvg("rect", { class: "block__front", x: `${left}`, y: `${top}`, width: `${w}`, height: `${h}` }),
  );
  return drawing;
}

/** @param {Block} block */
function blockCell(block) {
  const { shape, index } = block;
  const [height, width, channels] = shape;
  const text = shape.length === 3 ? [`${height}×${width}`, `×${channels}`] : [`${height}`, ""];
  const label = make("span", { class: "block__label" }, make("b", {}, text[0]), text[1]);
  return make("span", { class: "block", "data-layer": String(index) }, drawBlock(block), label);
}

/**
 * @param {ParentNode} root
 */
export function createBlockBarView(root) {
  const place = find(root, "#blocks", HTMLElement);
  const render = whenChanged(
    (
      /** @type {{translator: import("../../i18n/i18n.js").Translator, blocks: readonly Block[]}} */ {
        translator,
        blocks,
      },
    ) => {
      place.style.setProperty("--blocks", String(blocks.length));
      place.replaceChildren(...blocks.map(blockCell));
      const shapes = blocks.map(({ shape }) => shape.join("×")).join(", ");
      place.setAttribute("aria-label", translator.t("images.blocks", { shapes }));
    },
  );
  return { render, destroy() {} };
}
