/** Where the network looks: the places that the answer falls without. */

import { formatShare } from "../../core/format.js";
import { find, setText, whenChanged } from "../elements.js";
import { drawMap, drawPicture } from "./pixel-canvas.js";

/**
 * @typedef {object} OcclusionData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {Uint32Array} ramp
 * @property {readonly number[] | null} shape of a picture
 * @property {boolean} hasPicture
 * @property {{picture: Uint8Array, winner: number, share: number, done: number, map: Float32Array | null} | null} occlusion
 * @property {readonly string[]} names
 */

/** @param {OcclusionData} data @returns {string} */
function textOf({ translator: { t, language }, occlusion, names, hasPicture }) {
  if (!hasPicture) return t("images.occlusion.no_picture");
  if (!occlusion) return t("images.occlusion.about");
  const words = { name: names[occlusion.winner], share: formatShare(occlusion.share, language, 0) };
  if (!occlusion.map) return t("images.occlusion.running", words);
  const most = occlusion.map.reduce((largest, fall) => Math.max(largest, fall), 0);
  return t("images.occlusion.done", { ...words, fall: formatShare(most, language, 0) });
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: any) => void}} options
 */
export function createOcclusionView(root, { onIntent }) {
  const start = find(root, "#occlusion-start", HTMLButtonElement);
  const progress = find(root, "#occlusion-progress", HTMLProgressElement);
  const text = find(root, "#occlusion-text", HTMLElement);
  const pictures = find(root, "#occlusion-pictures", HTMLElement);
  const picture = find(root, "#occlusion-picture", HTMLCanvasElement);
  const map = find(root, "#occlusion-map", HTMLCanvasElement);
  start.onclick = () => onIntent({ type: "inside_hide" });

  const render = whenChanged((/** @type {OcclusionData} */ data) => {
    const { occlusion, shape, ramp, hasPicture } = data;
    start.disabled = !hasPicture || (occlusion !== null && occlusion.done < 1);
    progress.hidden = occlusion === null || occlusion.done === 1;
    progress.value = occlusion?.done ?? 0;
    pictures.hidden = !occlusion?.map;
    setText(text, textOf(data));
    if (!occlusion?.map || !shape) return;
    const reach = occlusion.map.reduce((most, fall) => Math.max(most, Math.abs(fall)), 0.05);
    drawPicture(picture, occlusion.picture, shape);
    drawMap(map, occlusion.map, { height: shape[0], width: shape[1], ramp, reach });
  });
  return { render, destroy() {} };
}
