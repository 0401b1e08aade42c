/** Above the drawing: how many layers and weights there are, one layer more, one layer less. */

import { formatCount } from "../core/format.js";
import { find, setText } from "./elements.js";

/**
 * @typedef {object} NetworkHeadData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {readonly unknown[]} hidden layers
 * @property {{layers: {minimum: number, maximum: number}}} offer
 * @property {boolean} hasRoom for one more layer of any kind
 * @property {number} weightsCount
 */

/**
 * @param {ParentNode} root
 * @param {(intent: {type: "set_layers", change: 1 | -1}) => void} onIntent
 * @returns {(data: NetworkHeadData) => void}
 */
export function createNetworkHead(root, onIntent) {
  const fewer = find(root, "#remove-layer", HTMLButtonElement);
  const more = find(root, "#add-layer", HTMLButtonElement);
  const layerCount = find(root, "#layer-count", HTMLElement);
  const weightsChip = find(root, "#weights-count", HTMLElement);
  fewer.onclick = () => onIntent({ type: "set_layers", change: -1 });
  more.onclick = () => onIntent({ type: "set_layers", change: 1 });
  return ({ translator: { t, language }, hidden, offer, hasRoom, weightsCount }) => {
    setText(layerCount, t("layer.count", { count: hidden.length }));
    setText(weightsChip, t("weights.count", { count: formatCount(weightsCount, language), amount: weightsCount }));
    fewer.disabled = hidden.length <= offer.layers.minimum;
    more.disabled = hidden.length >= offer.layers.maximum || !hasRoom;
  };
}
