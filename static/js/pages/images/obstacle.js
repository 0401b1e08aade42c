/** Why the settings that are shown cannot be trained. */

import { memoizeLast } from "../../core/memoize.js";
import { isReady, ownImages, planOf } from "../../state/image-datasets.js";

/** @typedef {import("./page-state.js").ImagesState} ImagesState */

/** The plan of the network that is shown: the very same object while nothing of it changes. */
export const planOfState = memoizeLast(
  (/** @type {ImagesState["datasets"]} */ datasets, /** @type {ImagesState["spec"]} */ spec) => planOf(datasets, spec),
);

/**
 * @param {Pick<ImagesState, "datasets" | "spec" | "data">} state
 * @returns {"data" | "shape" | null}
 */
export function obstacleOf({ datasets, spec, data }) {
  const { name, images } = spec.dataset;
  const own = data.collections.find(({ collection }) => collection === images?.collection);
  const hasData =
    name === ownImages
      ? images !== null && own?.state === "ready"
      : isReady(datasets.find((each) => each.name === name));
  if (!hasData) return "data";
  return planOfState(datasets, spec).problem ? "shape" : null;
}
