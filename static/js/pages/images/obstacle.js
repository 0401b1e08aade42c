/** Why the settings that are shown cannot be trained. */

import { memoizeLast } from "../../core/memoize.js";
import { isReady, ownImages, planOf } from "../../state/image-datasets.js";
import { baseIn } from "./transfer/slice.js";

/** @typedef {import("./page-state.js").ImagesState} ImagesState */

/** The plan of the network that is shown: the very same object while nothing of it changes. */
export const planOfState = memoizeLast(
  (/** @type {ImagesState["datasets"]} */ datasets, /** @type {ImagesState["spec"]} */ spec) => planOf(datasets, spec),
);

/**
 * @param {Pick<ImagesState, "datasets" | "spec" | "data">} state
 * @returns {"data" | "own" | null} own: these own images were deleted
 */
function obstacleOfData({ datasets, spec, data }) {
  const { name, images } = spec.dataset;
  const own = data.collections.find(({ collection }) => collection === images?.collection);
  const hasData =
    name === ownImages
      ? images !== null && own?.state === "ready"
      : isReady(datasets.find((each) => each.name === name));
  if (hasData) return null;
  return images && data.gone.includes(images.collection) ? "own" : "data";
}

/** @param {Pick<ImagesState, "spec" | "transfer">} state @returns {boolean} the base that is chosen is known not to be there */
function lacksBase({ spec, transfer }) {
  const base = baseIn(transfer);
  if (transfer.isWanted) return base?.state !== "ready";
  return Boolean(spec.base) && base !== undefined && base.state !== "ready";
}

/** @param {Pick<ImagesState, "datasets" | "spec" | "data">} state @returns {boolean} there are no pictures to show */
export const lacksData = (state) => obstacleOfData(state) !== null;

/**
 * @param {Pick<ImagesState, "datasets" | "spec" | "data" | "transfer">} state
 * @returns {"data" | "own" | "base" | "shape" | null}
 */
export function obstacleOf(state) {
  const { datasets, spec } = state;
  const obstacle = obstacleOfData(state);
  if (obstacle) return obstacle;
  if (lacksBase(state)) return "base";
  return planOfState(datasets, spec).problem ? "shape" : null;
}
