/** How good the answers are: accuracy, confusion, explained variance, residuals. */

import { createConfusionMatrixView } from "../../views/confusion-matrix.js";
import { createQualityClassesView } from "../../views/quality-classes.js";
import { createQualityHeadlineView } from "../../views/quality-headline.js";
import { createQualityResidualsView } from "../../views/quality-residuals.js";
import { createQualitySamplesView } from "../../views/quality-samples.js";
import { createQualityScatterView } from "../../views/quality-scatter.js";
import { withChosen, withShare } from "./changes.js";
import { markedOf, qualityData } from "./view-data.js";

/** @typedef {import("../page-state.js").PageState} PageState */

/**
 * Keeps the marked samples in step with the newest answers. Other samples have other numbers: then nothing is chosen.
 * @param {import("../room.js").PageStore} store
 * @returns {() => void} called after each change of the state
 */
export function createMarker(store) {
  /** @type {PageState["samples"]} */
  let known = null;
  return () => {
    const state = store.get();
    const { samples, quality } = state;
    const isOther = samples !== known;
    known = samples;
    const chosen = isOther ? null : quality.chosen;
    const marked = chosen === null ? null : markedOf(state);
    if (chosen !== quality.chosen || marked !== quality.marked) store.set({ quality: { ...quality, chosen, marked } });
  };
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createQualityRoom({ root, store, onIntent }) {
  const views = [
    createQualityHeadlineView(root, { onIntent }),
    createConfusionMatrixView(root, { onIntent }),
    createQualityClassesView(root),
    createQualitySamplesView(root),
    createQualityScatterView(root, { onIntent }),
    createQualityResidualsView(root, { onIntent }),
  ];
  return {
    acts: {
      quality_share: ({ share }) => store.set({ quality: withShare(store.get().quality, share) }),
      quality_choose: ({ chosen }) => store.set({ quality: withChosen(store.get().quality, chosen) }),
    },
    follow: createMarker(store),
    render(state) {
      if (state.panel !== "quality") return;
      const data = qualityData(state);
      for (const view of views) view.render(data);
    },
  };
}
