/** The examples as cards: a picture of where each leads, what it is, what to see. */

import { find, make, setText, whenChanged } from "./elements.js";
import { drawClasses, drawGrid } from "./heatmap.js";

/**
 * @typedef {import("./preset-note.js").PresetTexts} PresetTexts
 * @typedef {{verdict: string, title: string, cards: readonly PresetTexts[]}} PresetGroup
 */

/**
 * @typedef {object} PresetGalleryData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {readonly PresetGroup[]} groups
 * @property {Record<string, any>} pictures by name
 * @property {string} message instead of cards; "" for none
 * @property {Uint32Array} ramp
 * @property {readonly Uint32Array[]} classRamps
 * @property {{plot: {ink: string, training: string, test: string}}} palette
 */

const curveSide = 144;

/**
 * The law as dots, the network's answer as a line.
 * @param {HTMLCanvasElement} canvas
 * @param {{x: number[], answers: number[], truth: number[]}} curve
 * @param {{training: string, test: string}} colors
 */
function drawCurve(canvas, { x, answers, truth }, { training, test }) {
  Object.assign(canvas, { width: curveSide, height: curveSide });
  const context = canvas.getContext("2d");
  if (!context) return;
  const [low, high] = [Math.min(...truth, ...answers), Math.max(...truth, ...answers)];
  const across = (/** @type {number} */ place) => 10 + ((place - x[0]) / (x[x.length - 1] - x[0])) * (curveSide - 20);
  const up = (/** @type {number} */ value) => curveSide - 10 - ((value - low) / (high - low)) * (curveSide - 20);
  context.fillStyle = training;
  truth.forEach((value, index) => {
    context.beginPath();
    context.arc(across(x[index]), up(value), 3.2, 0, 2 * Math.PI);
    context.fill();
  });
  context.beginPath();
  answers.forEach((value, index) => {
    context.lineTo(across(x[index]), up(value));
  });
  Object.assign(context, { strokeStyle: test, lineWidth: 3.5, lineJoin: "round" });
  context.stroke();
}

/** @param {HTMLCanvasElement} canvas @param {any} picture @param {PresetGalleryData} data */
function drawPicture(canvas, picture, { ramp, classRamps, palette }) {
  if (picture.kind === "curve") drawCurve(canvas, picture, palette.plot);
  else if (picture.kind === "plane") drawGrid(canvas, picture.grid, { size: picture.size, ramp });
  else drawClasses(canvas, picture.grids, { size: picture.size, ramps: classRamps });
}

/**
 * @param {PresetTexts} texts
 * @param {import("../i18n/i18n.js").Translator} translator
 * @param {(name: string) => void} onChoose
 */
function makeCard({ name, verdict, verdictText, title, text, look }, { t }, onChoose) {
  const canvas = make("canvas", { class: "preset__picture", "aria-hidden": "true", width: "36", height: "36" });
  const head = make("span", { class: "preset__head" }, make("strong", { class: "preset__title" }, title));
  head.append(make("span", { class: "verdict", "data-verdict": verdict }, verdictText));
  const see = make("span", { class: "preset__look" }, make("em", {}, t("presets.should_see")), ` ${look}`);
  const body = make("span", { class: "preset__body" }, head, make("span", { class: "preset__text" }, text), see);
  const card = make("button", { type: "button", class: "preset", "data-preset": name }, canvas, body);
  card.onclick = () => onChoose(name);
  return make("li", {}, card);
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "preset", name: string}) => void}} options
 */
export function createPresetGalleryView(root, { onIntent }) {
  const shelf = find(root, "#presets-shelf", HTMLElement);
  const message = find(root, "#presets-message", HTMLElement);
  /** @type {readonly PresetGroup[] | null} */
  let shown = null;

  /** @param {PresetGalleryData} data */
  function build({ groups, translator }) {
    const choose = (/** @type {string} */ name) => onIntent({ type: "preset", name });
    const lists = groups.map(({ title, cards }) => [
      make("h3", { class: "dialog__subtitle" }, title),
      make("ul", { class: "presets__cards" }, ...cards.map((card) => makeCard(card, translator, choose))),
    ]);
    shelf.replaceChildren(...lists.flat());
  }

  const render = whenChanged((/** @type {PresetGalleryData} */ data) => {
    setText(message, data.message);
    message.hidden = data.message === "";
    shelf.hidden = data.message !== "";
    if (data.groups !== shown) build(data);
    shown = data.groups;
    for (const card of shelf.querySelectorAll("[data-preset]")) {
      const picture = data.pictures[card.getAttribute("data-preset") ?? ""];
      if (picture) drawPicture(find(card, "canvas", HTMLCanvasElement), picture, data);
    }
  });
  return { render, destroy() {} };
}
