/** What the card of the augmentation shows. */

import { formatShare } from "../../../core/format.js";
import { memoizeLast } from "../../../core/memoize.js";
import { noAugmentation } from "../../../state/image-spec.js";
import { fullLimitsOf } from "../../../state/spec-schema.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** Where the schema is silent. */
const usual = Object.freeze({
  shift: { minimum: 0, maximum: 0.5, step: 0.05 },
  rotate: { minimum: 0, maximum: 180, step: 5 },
  zoom: { minimum: 0, maximum: 0.5, step: 0.05 },
  noise: { minimum: 0, maximum: 0.5, step: 0.05 },
});

const limitsOf = memoizeLast((/** @type {any} */ schema) =>
  Object.fromEntries(
    Object.entries(usual).map(([name, limits]) => [name, fullLimitsOf(schema, ["augmentation", name], limits)]),
  ),
);

const textsOf = memoizeLast(
  (/** @type {ImagesState["spec"]["augmentation"]} */ values, /** @type {string} */ language) => {
    const share = (/** @type {number} */ value) => formatShare(value, language, 0);
    return {
      shift: `± ${share(values.shift)}`,
      rotate: `± ${Math.round(values.rotate)}°`,
      zoom: `± ${share(values.zoom)}`,
      noise: share(values.noise),
    };
  },
);

/** @param {ImagesState} state */
export function augmentationData({ spec, book, augmented, translator }) {
  const values = spec.augmentation ?? noAugmentation;
  return {
    // A base looks at each picture once, before the first epoch.
    reason: spec.base ? translator.t("images.augmentation.not_with_base") : "",
    limits: limitsOf(book.schema),
    values,
    texts: textsOf(values, translator.language),
    originals: augmented.originals,
    changed: augmented.changed,
  };
}
