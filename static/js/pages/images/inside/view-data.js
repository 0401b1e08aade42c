/** What the tab that looks inside shows. */

import { memoizeLast } from "../../../core/memoize.js";
import { channelOf, patchSum } from "../../../core/patch.js";
import { classNamesOfRun } from "../class-names.js";
import { isOfRun } from "../is-of-run.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("../../../inference/image-network.js").LayerInfo} LayerInfo
 * @typedef {import("../../../inference/image-network.js").NetworkInfo} NetworkInfo
 * @typedef {import("./slice.js").Look} Look
 * @typedef {import("./slice.js").Pointed} Pointed
 * @typedef {import("./slice.js").PointedKernel} PointedKernel
 */

/**
 * @typedef {object} Reading what one number of a map comes from
 * @property {Pointed} pointed
 * @property {LayerInfo} layer
 * @property {number} value of the map at that place
 * @property {{channel: number, channels: number, height: number, width: number, patch: Float32Array, kernel: Float32Array,
 *   products: Float32Array, part: number, sum: number, bias: number, before: number, top: number, left: number} | null} sum
 *   patch, kernel and products: of the one input channel that counts most; part: the sum of those; before: before the activation;
 *   null for layers that are no convolutions, and until the kernel is there
 */

/** Which layer's answers a layer is given: the one before it among those that can be looked at, or the picture. @param {Look} look @param {NetworkInfo} info @param {number} layer */
function inputOf({ picture, maps }, info, layer) {
  if (layer === 0) {
    const [height, width, channels] = info.shape;
    return { height, width, channels, values: Float32Array.from(picture, (value) => value / 255) };
  }
  const [height, width, channels] = info.layers[layer - 1].shape;
  return { height, width, channels, values: maps[layer - 1] };
}

/** @param {Look} look @param {NetworkInfo} info @param {PointedKernel} pointedKernel @param {Pointed} pointed @returns {Reading["sum"]} */
function sumAt(look, info, { kernel, bias }, { layer, x, y }) {
  const { kernel: form } = info.layers[layer];
  if (form === null) return null;
  const input = inputOf(look, info, layer);
  const { patch, products, sum, top, left } = patchSum(input, { ...form, kernel, bias }, { x, y });
  const parts = Array.from({ length: input.channels }, (_unused, channel) =>
    channelOf(products, input.channels, channel).reduce((total, value) => total + value, 0),
  );
  const channel = parts.reduce((best, part, each) => (Math.abs(part) > Math.abs(parts[best]) ? each : best), 0);
  const one = (/** @type {Float32Array} */ values) => channelOf(values, input.channels, channel);
  return {
    ...{ channel, channels: input.channels, height: form.height, width: form.width, top, left, bias, before: sum },
    ...{ patch: one(patch), kernel: one(kernel), products: one(products), part: parts[channel], sum: sum - bias },
  };
}

const readingOf = memoizeLast(
  (
    /** @type {Look | null} */ look,
    /** @type {NetworkInfo | null} */ info,
    /** @type {Pointed | null} */ pointed,
    /** @type {PointedKernel | null} */ kernel,
  ) => {
    const layer = pointed ? info?.layers[pointed.layer] : undefined;
    if (!look || !info || !pointed || !layer || look.maps.length !== info.layers.length) return null;
    const [, width, channels] = layer.shape.length === 3 ? layer.shape : [1, layer.shape[0], 1];
    const place = layer.shape.length === 3 ? (pointed.y * width + pointed.x) * channels + pointed.unit : pointed.unit;
    const isKnown = kernel?.layer === pointed.layer && kernel.unit === pointed.unit && kernel.version === look.version;
    const sum = isKnown && kernel ? sumAt(look, info, kernel, pointed) : null;
    return { pointed, layer, value: look.maps[pointed.layer][place], sum };
  },
);

/** @param {ImagesState} state */
export function mapsData(state) {
  const { translator, palette, ramp, inside, model, draw } = state;
  const info = model?.info ?? null;
  const isOfNetwork =
    inside.look !== null && info !== null && inside.look.maps.length === info.layers.length && isOfRun(state);
  const look = isOfNetwork && draw.picture !== null ? inside.look : null;
  return {
    translator,
    palette,
    ramp,
    info,
    look,
    names: classNamesOfRun(state),
    pointed: inside.pointed,
    firstKernels: inside.firstKernels,
    reading: readingOf(look, info, inside.pointed, inside.kernel),
  };
}

/** @param {ImagesState} state */
export function occlusionData(state) {
  const { translator, ramp, inside, model, draw } = state;
  return {
    translator,
    ramp,
    shape: model?.info?.shape ?? null,
    hasPicture: draw.picture !== null && model !== null && isOfRun(state),
    occlusion: inside.occlusion,
    names: classNamesOfRun(state),
  };
}

/** @param {ImagesState} state */
export function mapData(state) {
  const { translator, palette, inside, quality, model } = state;
  const { tested } = quality;
  const map = inside.map?.key === tested?.key ? inside.map : null;
  return { translator, palette, map, tested, names: classNamesOfRun(state), epoch: model?.epoch ?? 0 };
}
