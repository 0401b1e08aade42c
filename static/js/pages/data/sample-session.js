/** The samples to show: those of the chosen data set on the output picture, noise-free ones on the thumbnails. */

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../state/spec.js").RunSpec} RunSpec
 */

const plotted = Object.freeze(["x1", "x2"]);
const thumbnailSamples = 200;

/**
 * @param {{api: Pick<import("../../transport/api.js").Api, "previewDataset">, store: import("../../state/store.js").Store<PageState>}} options
 */
export function createSampleSession({ api, store }) {
  let askedFor = "";
  let hasThumbnails = false;

  /** @param {RunSpec["dataset"]} dataset @param {string} key */
  async function load(dataset, key) {
    const samples = await api.previewDataset(dataset, plotted).catch(() => null);
    if (samples && key === askedFor) store.set({ samples });
  }

  /** @param {string} name */
  async function loadThumbnail(name) {
    const { dataset } = store.get().spec;
    const wanted = { ...dataset, name, samples: thumbnailSamples, noise: 0, train_fraction: 0.9 };
    const answer = await api.previewDataset(wanted, plotted).catch(() => null);
    if (answer) store.set({ thumbnails: { ...store.get().thumbnails, [name]: answer.train } });
  }

  return {
    /** Called after each change of the state. The thumbnails wait until the first run is there: it comes first. */
    follow() {
      const { dataset } = store.get().spec;
      if (!hasThumbnails && store.get().run) {
        hasThumbnails = true;
        for (const { name } of store.get().datasets) loadThumbnail(name);
      }
      const key = JSON.stringify(dataset);
      if (key === askedFor) return;
      askedFor = key;
      load(dataset, key);
    },
  };
}
