/** What the large picture and the badge below it show. */

import { getFeature } from "../../core/features.js";
import { featureGrid } from "../../core/grid.js";
import { memoizeLast } from "../../core/memoize.js";
import { problemOf } from "../../state/datasets.js";
import { unitName } from "../network/view-data.js";

/** @typedef {import("../page-state.js").PageState} PageState */

const featurePicture = memoizeLast((/** @type {string} */ name, /** @type {number} */ size) => featureGrid(name, size));

/** @param {PageState} state */
const isClassification = ({ datasets, spec }) => problemOf(datasets, spec.dataset.name) === "classification";

/** @param {PageState} state */
export function outputPictureData(state) {
  const { translator, ramp, picture, samples, display, feature } = state;
  const isFinalUnit = !picture?.focus || picture.focus.layer === picture.tiles.length - 1;
  return {
    translator,
    ramp,
    grid: feature && picture ? featurePicture(feature, picture.size) : (picture?.large ?? null),
    size: picture?.size ?? 1,
    samples,
    isClassification: isClassification(state),
    showsTestData: display.showsTestData,
    isDiscrete: display.isDiscrete,
    unitName: feature ? getFeature(feature).label : isFinalUnit ? "" : unitName(state, picture?.focus ?? null),
  };
}

/**
 * @param {PageState} state
 * @param {(runId: string) => string} exportUrl
 */
export function selfCheckData({ translator, check, failure, run }, exportUrl) {
  return { translator, check, failure, exportUrl: run ? exportUrl(run.runId) : null };
}
