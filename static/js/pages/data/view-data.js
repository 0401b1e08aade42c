/** What the data card shows. */

import { memoizeLast } from "../../core/memoize.js";
import { problemOf } from "../../state/datasets.js";

/** @typedef {import("../page-state.js").PageState} PageState */

const thumbnailsOf = memoizeLast(
  (
    /** @type {PageState["datasets"]} */ datasets,
    /** @type {string} */ problem,
    /** @type {PageState["thumbnails"]} */ thumbnails,
    /** @type {PageState["translator"]} */ translator,
  ) =>
    datasets
      .filter((entry) => entry.problem === problem)
      .map(({ name, title }) => ({
        name,
        title: translator.orElse(`dataset.${name}`, title),
        samples: thumbnails[name] ?? null,
      })),
);

/** @param {PageState} state */
export function datasetPickerData(state) {
  const { datasets, spec, thumbnails, translator, ramp } = state;
  const problem = problemOf(datasets, spec.dataset.name);
  return {
    thumbnails: thumbnailsOf(datasets, problem, thumbnails, translator),
    chosen: spec.dataset.name,
    isClassification: problem === "classification",
    ramp,
  };
}
