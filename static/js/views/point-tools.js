/** Laying samples by hand: the switch, the class they get, how many there are, and the way to be rid of them. */

import { classMark } from "./class-shares.js";
import { find, make, setText, whenChanged } from "./elements.js";
import { labelColor } from "./sample-dots.js";

/**
 * @typedef {object} PointToolsData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {import("./sample-dots.js").Paint} paint
 * @property {boolean} canLay the data take points
 * @property {boolean} isLaying
 * @property {number} label of the class whose points are laid, -1 or 1 for numbers
 * @property {readonly number[]} labels to choose from
 * @property {number} count of points
 * @property {number} most that fit in
 */

/** @typedef {{type: "laying", isLaying: boolean} | {type: "point_label", label: number} | {type: "remove_points"}} PointIntent */

/**
 * @param {number} label
 * @param {PointToolsData} data
 * @param {(intent: PointIntent) => void} onIntent
 */
function makeChoice(label, { translator, paint }, onIntent) {
  const name = paint.classes === null ? String(label).replace("-", "−") : translator.t("class.name", { class: label });
  const radio = make("input", {
    type: "radio",
    class: "fills-card",
    name: "point-class",
    value: String(label),
    "aria-label": name,
  });
  radio.onchange = () => onIntent({ type: "point_label", label });
  const shape = paint.classes === null ? Number(label >= 0) : label;
  return make("label", { class: "class-choice", title: name }, radio, classMark(shape, labelColor(label, paint)));
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: PointIntent) => void}} options
 */
export function createPointToolsView(root, { onIntent }) {
  const toggle = find(root, "#add-points", HTMLButtonElement);
  const tools = find(root, "#point-tools", HTMLElement);
  const classes = find(root, "#point-classes", HTMLElement);
  const count = find(root, "#point-count", HTMLElement);
  const remove = find(root, "#remove-points", HTMLButtonElement);
  toggle.onclick = () => onIntent({ type: "laying", isLaying: toggle.getAttribute("aria-pressed") !== "true" });
  remove.onclick = () => onIntent({ type: "remove_points" });

  const render = whenChanged((/** @type {PointToolsData} */ data, before) => {
    const { translator, paint, canLay, isLaying, label, labels } = data;
    toggle.hidden = !canLay;
    toggle.setAttribute("aria-pressed", String(isLaying));
    tools.hidden = !isLaying;
    if (before?.labels !== labels || before.paint !== paint || before.translator !== translator) {
      classes.replaceChildren(...labels.map((each) => makeChoice(each, data, onIntent)));
    }
    for (const radio of classes.querySelectorAll("input")) radio.checked = Number(radio.value) === label;
    const isFull = data.count >= data.most;
    setText(count, translator.t(isFull ? "points.full" : "points.count", { count: data.count }));
    remove.disabled = data.count === 0;
  });
  return { render, destroy() {} };
}
