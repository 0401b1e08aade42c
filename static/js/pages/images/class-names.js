/** What the classes of a set of pictures are called, in the reader's language where we know it. */

import { memoizeLast } from "../../core/memoize.js";
import { classesIn } from "../../state/image-datasets.js";

const none = Object.freeze(/** @type {string[]} */ ([]));

const translated = memoizeLast(
  (
    /** @type {readonly string[]} */ names,
    /** @type {number} */ classes,
    /** @type {string} */ set,
    /** @type {import("../../i18n/i18n.js").Translator} */ translator,
  ) =>
    Array.from({ length: classes }, (_unused, index) =>
      translator.orElse(`images.class.${set}.${index}`, names[index] ?? String(index)),
    ),
);

/**
 * @param {Pick<import("./page-state.js").ImagesState, "samples" | "datasets" | "spec" | "translator">} state
 * @returns {readonly string[]} one for each class; the same object while nothing of it changes
 */
export function classNamesOf({ samples, datasets, spec, translator }) {
  const entry = datasets.find(({ name }) => name === spec.dataset.name);
  const names = samples?.val.classNames ?? entry?.class_names ?? none;
  return translated(names, classesIn(datasets, spec), spec.dataset.name, translator);
}
