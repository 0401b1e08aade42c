/** What the quality tab shows. */

import { accuracyOf, classQuality, confusionOf, predictedClasses } from "../../../core/confusion.js";
import { memoizeLast } from "../../../core/memoize.js";
import { sharesOf, surestErrors } from "../../../core/picture-errors.js";
import { classNamesOfRun } from "../class-names.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("./slice.js").Tested} Tested
 * @typedef {import("./slice.js").Verdicts} Verdicts
 * @typedef {import("./slice.js").QualitySlice} QualitySlice
 * @typedef {import("../../../core/confusion.js").Confusion} Confusion
 */

/** @typedef {{picture: Uint8Array, label: number, said: number, share: number}} Thumbnail share: probability of what was said */

/** So many pictures of a cell, and so many errors, are shown. */
const [mostThumbnails, mostErrors] = [48, 18];

/** A matrix of more classes would be unreadable; the list of errors serves then. */
export const mostInMatrix = 16;

const countConfusion = memoizeLast(
  (/** @type {Tested | null} */ tested, /** @type {Verdicts | null} */ verdicts, /** @type {number} */ classes) => {
    if (tested === null || verdicts === null || verdicts.key !== tested.key) return null;
    const predicted = predictedClasses(verdicts.answers, verdicts.outputs);
    return confusionOf(tested.labels.slice(0, predicted.length), predicted, classes);
  },
);

/** @param {Tested} tested @param {Verdicts} verdicts @param {number} sample @param {number} said @returns {Thumbnail} */
function thumbnailOf({ pictures, size, labels }, { answers, outputs }, sample, said) {
  const picture = pictures.slice(sample * size, (sample + 1) * size);
  return { picture, label: labels[sample], said, share: sharesOf(answers, outputs, sample)[said] };
}

const errorsOf = memoizeLast(
  (
    /** @type {Tested | null} */ tested,
    /** @type {Verdicts | null} */ verdicts,
    /** @type {Confusion | null} */ confusion,
  ) => {
    if (!tested || !verdicts || !confusion) return null;
    const errors = surestErrors(tested.labels, confusion.predicted, verdicts, mostErrors);
    return errors.map(({ sample, said }) => thumbnailOf(tested, verdicts, sample, said));
  },
);

const cellOf = memoizeLast(
  (
    /** @type {Tested | null} */ tested,
    /** @type {Verdicts | null} */ verdicts,
    /** @type {Confusion | null} */ confusion,
    /** @type {QualitySlice["chosen"]} */ chosen,
  ) => {
    const members = chosen ? confusion?.members[chosen.truth]?.[chosen.predicted] : undefined;
    if (!members || !tested || !verdicts || !chosen) return null;
    const shown = members.slice(0, mostThumbnails);
    return {
      total: members.length,
      thumbnails: shown.map((sample) => thumbnailOf(tested, verdicts, sample, chosen.predicted)),
    };
  },
);

const qualitiesOf = memoizeLast((/** @type {Confusion | null} */ confusion) =>
  confusion ? confusion.members.map((_row, label) => classQuality(confusion, label)) : null,
);

/** @param {ImagesState} state */
export function qualityData(state) {
  const { translator, quality, model } = state;
  const { tested, verdicts, answered, chosen, trouble } = quality;
  const names = classNamesOfRun(state);
  const confusion = countConfusion(tested, verdicts, names.length);
  return {
    translator,
    names,
    classes: names.length <= mostInMatrix ? names.length : null,
    shape: tested?.shape ?? null,
    confusion,
    chosen,
    accuracy: confusion ? accuracyOf(confusion) : null,
    right: confusion?.right ?? 0,
    total: confusion?.total ?? 0,
    answered,
    trouble: trouble ?? model?.failure ?? null,
    qualities: qualitiesOf(confusion),
    errors: errorsOf(tested, verdicts, confusion),
    cell: cellOf(tested, verdicts, confusion, chosen),
  };
}

/** @typedef {ReturnType<typeof qualityData>} PictureQualityData */
