/** What the classes of a set of pictures are called, in the reader's language where we know it. */

import { memoizeLast } from "../../core/memoize.js";
import { classesIn, keyOf } from "../../state/image-datasets.js";
import { specOf } from "./is-of-run.js";

/** @typedef {import("./page-state.js").ImagesState} ImagesState */
/** @typedef {Pick<ImagesState, "samples" | "datasets" | "spec" | "translator" | "data">} Known */

const none = Object.freeze(/** @type {string[]} */ ([]));

/** Remembers the names of one set. @returns {(state: Known, spec: ImagesState["spec"]) => readonly string[]} */
function createNaming() {
  const translated = memoizeLast(
    (
      /** @type {readonly string[]} */ names,
      /** @type {number} */ classes,
      /** @type {string} */ set,
      /** @type {ImagesState["translator"]} */ translator,
    ) =>
      Array.from({ length: classes }, (_unused, index) =>
        translator.orElse(`images.class.${set}.${index}`, names[index] ?? String(index)),
      ),
  );
  const namesIn = memoizeLast((/** @type {readonly {name: string}[]} */ classes) => classes.map(({ name }) => name));
  return ({ samples, datasets, spec: chosen, translator, data }, spec) => {
    const { name, images } = spec.dataset;
    const shown = keyOf(chosen.dataset) === keyOf(spec.dataset) ? samples?.val.classNames : undefined;
    const own = images ? data.collections.find(({ collection }) => collection === images.collection) : undefined;
    const entry = datasets.find((each) => each.name === name);
    const names = shown ?? (own ? namesIn(own.classes) : entry?.class_names) ?? none;
    return translated(names, classesIn(datasets, spec), name, translator);
  };
}

const [ofChosen, ofRun] = [createNaming(), createNaming()];

/**
 * @param {Known} state
 * @returns {readonly string[]} one for each class of the set that is chosen; the same object while nothing of it changes
 */
export const classNamesOf = (state) => ofChosen(state, state.spec);

/**
 * @param {Known & Pick<ImagesState, "run">} state
 * @returns {readonly string[]} one for each class of the set the run learned from, which need not be the one that is chosen
 */
export const classNamesOfRun = (state) => (state.run === null ? classNamesOf(state) : ofRun(state, specOf(state.run)));
