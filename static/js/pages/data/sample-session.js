/** The samples to show: those of the chosen data set on the output picture, noise-free ones on the thumbnails. */

import { examplePoints } from "../../core/own-points.js";
import { kindOf } from "../../state/datasets.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../state/spec.js").DatasetSpec} DatasetSpec
 * @typedef {import("../../state/datasets.js").DatasetEntry} DatasetEntry
 */

const thumbnailSamples = 200;

/**
 * @param {PageState["datasets"]} datasets
 * @param {string} name
 * @returns {readonly string[]} the numbers that place a sample on the picture
 */
function plotted(datasets, name) {
  return kindOf(datasets, name) === "curve" ? ["x1"] : ["x1", "x2"];
}

/**
 * A data set as its thumbnail shows it: without noise, with the law and the classes it has at first.
 * @param {DatasetSpec} dataset
 * @param {DatasetEntry} entry
 * @returns {DatasetSpec}
 */
function forThumbnail(dataset, { name, classes }) {
  const isOwn = name === "points";
  return {
    ...dataset,
    name,
    samples: thumbnailSamples,
    noise: 0,
    train_fraction: 0.9,
    ...(classes ? { classes: isOwn ? 2 : Math.min(classes, 6) } : {}),
    ...(dataset.formula ? { formula: null } : {}),
    ...(isOwn || dataset.points?.length ? { points: isOwn ? examplePoints.map((point) => [...point]) : [] } : {}),
  };
}

/**
 * @param {{api: Pick<import("../../transport/api.js").Api, "previewDataset">, store: import("../../state/store.js").Store<PageState>}} options
 */
export function createSampleSession({ api, store }) {
  let askedFor = "";
  let isAsking = false;
  let hasThumbnails = false;

  /** One question at a time: a slider on the move would ask sixty a second. */
  async function ask() {
    isAsking = true;
    const { spec, datasets } = store.get();
    const key = JSON.stringify(spec.dataset);
    askedFor = key;
    const features = plotted(datasets, spec.dataset.name);
    const answer = await api.previewDataset(spec.dataset, features).then(
      (samples) => ({ samples }),
      (error) => ({ samples: null, isAway: error.status === 0 }),
    );
    isAsking = false;
    if ("isAway" in answer && answer.isAway) askedFor = "";
    else {
      // Samples of data that were refused would be taken for those of the data that were asked for.
      store.set({ samples: answer.samples });
      follow();
    }
  }

  /** @param {DatasetEntry} entry */
  async function loadThumbnail(entry) {
    const { spec, datasets } = store.get();
    const { name } = entry;
    const answer = await api
      .previewDataset(forThumbnail(spec.dataset, entry), plotted(datasets, name))
      .catch(() => null);
    if (answer) store.set({ thumbnails: { ...store.get().thumbnails, [name]: answer.train } });
  }

  /** Called after each change of the state. The thumbnails wait until the network is drawn: it comes first. */
  function follow() {
    const { spec, picture, failure, trouble, datasets } = store.get();
    if (!hasThumbnails && (picture || failure || trouble)) {
      hasThumbnails = true;
      for (const entry of datasets) loadThumbnail(entry);
    }
    if (!isAsking && JSON.stringify(spec.dataset) !== askedFor) ask();
  }

  return { follow };
}
