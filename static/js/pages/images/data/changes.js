/** What the controls of the data make of the state. */

import { isReady } from "../../../state/image-datasets.js";
import { withCollection, withImageDataset } from "../../../state/image-networks.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** @param {ImagesState} state @param {Partial<ImagesState["spec"]["dataset"]>} change */
const withData = ({ spec }, change) => ({ spec: { ...spec, dataset: { ...spec.dataset, ...change } } });

/** @param {ImagesState} state @param {boolean} isAdding */
const adding = ({ data }, isAdding) => ({ data: { ...data, isAdding, refusal: null } });

/**
 * How a set is best shared out is known only when it is there.
 * @param {ImagesState} state
 * @param {ImagesState["datasets"]} newest
 */
function onceThere({ datasets, spec }, newest) {
  const isChosen = (/** @type {{name: string}} */ { name }) => name === spec.dataset.name;
  const [before, now] = [datasets.find(isChosen), newest.find(isChosen)];
  const isNew = before && now && !isReady(before) && isReady(now);
  const asUsual = before && withImageDataset(spec, before);
  return isNew && JSON.stringify(asUsual) === JSON.stringify(spec) ? { spec: withImageDataset(spec, now) } : {};
}

/**
 * Own images that were chosen while they were being prepared: only now it is known what they are.
 * @param {ImagesState["spec"]} spec
 * @param {ImagesState["data"]["collections"]} newest
 */
function oncePrepared(spec, newest) {
  const { images } = spec.dataset;
  if (!images || images.classes > 0) return {};
  const own = newest.find(({ collection }) => collection === images.collection);
  return own?.state === "ready" ? { spec: withCollection(spec, own) } : {};
}

/** @type {import("../room.js").Changes} */
export const dataChanges = {
  dataset(state, key) {
    if (key === "own") return adding(state, true);
    const own = state.data.collections.find(({ collection }) => `own:${collection}` === key);
    if (own) return { ...adding(state, false), spec: withCollection(state.spec, own) };
    const entry = state.datasets.find(({ name }) => name === key);
    return entry ? { ...adding(state, false), spec: withImageDataset(state.spec, entry) } : {};
  },
  datasets: (state, { datasets }) => ({ datasets, ...onceThere(state, datasets) }),
  collections: (state, { collections }) => ({
    data: { ...state.data, collections },
    ...oncePrepared(state.spec, collections),
  }),
  samples: (state, samples) => withData(state, { samples }),
  train_fraction: (state, share) => withData(state, { train_fraction: share }),
  split: (state, split) => withData(state, { split }),
};
