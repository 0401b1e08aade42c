/** Fetches the samples that are shown: of the chosen data set, and a few of each that is ready. */

import { isReady, keyOf, ownImages, picturesAtOnce } from "../../../state/image-datasets.js";
import { lacksData } from "../obstacle.js";
import { askPatiently } from "../patience.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** How many of each share the page shows. */
export const shownSamples = 64;

/** Pictures on a card. */
const thumbnailCount = 6;

/** A slider that moves asks once, when it has come to rest. */
const restMs = 150;

/**
 * @typedef {object} SampleSessionOptions
 * @property {Pick<import("../../../transport/image-api.js").ImageApi, "fetchPictures">} api
 * @property {import("../room.js").ImagesStore} store
 * @property {(delayMs: number) => Promise<void>} wait
 */

/** @param {ImagesState} state @param {string} key of a card @returns {boolean} its set is there */
function hasPictures({ datasets, data }, key) {
  const own = data.collections.find(({ collection }) => `own:${collection}` === key);
  return own ? own.state === "ready" : isReady(datasets.find(({ name }) => name === key));
}

export class SampleSession {
  /** @type {unknown} */
  #dataset = null;
  #newest = 0;
  /** @type {Set<string>} */
  #asked = new Set();

  /** @param {SampleSessionOptions} options */
  constructor({ api, store, wait }) {
    this.api = api;
    this.store = store;
    this.wait = wait;
  }

  /** Called after each change of the state. @param {ImagesState} state */
  follow(state) {
    this.#askForThumbnails(state);
    const { dataset } = state.spec;
    const wanted = lacksData(state) ? null : JSON.stringify(dataset);
    if (wanted === this.#dataset) return;
    const isOther = this.#dataset === null || keyOf(JSON.parse(String(this.#dataset))) !== keyOf(dataset);
    this.#dataset = wanted;
    this.#newest += 1;
    if (state.samples && (wanted === null || isOther)) this.store.set({ samples: null });
    if (wanted !== null) this.#ask(this.#newest, isOther ? 0 : restMs);
  }

  /** @param {number} request @param {number} delayMs */
  async #ask(request, delayMs) {
    if (delayMs > 0) await this.wait(delayMs);
    if (request !== this.#newest) return;
    const { datasets, spec } = this.store.get();
    const { dataset } = spec;
    const count = picturesAtOnce(datasets, spec, shownSamples);
    const question = (/** @type {"train" | "val"} */ share) =>
      this.api.fetchPictures({ dataset, augmentation: null, share, start: 0, count });
    const found = await askPatiently(() => Promise.all([question("train"), question("val")]), {
      wait: this.wait,
      isWanted: () => request === this.#newest,
    });
    if (found) this.store.set({ samples: { train: found[0], val: found[1] } });
  }

  /** @param {ImagesState} state */
  #askForThumbnails({ datasets, data }) {
    const sets = datasets.filter((entry) => entry.name !== ownImages && isReady(entry));
    for (const { name, samples } of sets) this.#askForThumbnail(name, { name, samples: Math.min(samples, 100) });
    for (const { collection, state, shape, classes } of data.collections) {
      if (state !== "ready") continue;
      const [side, , channels] = shape ?? [];
      const samples = Math.max(
        20,
        classes.reduce((sum, { count }) => sum + count, 0),
      );
      const dataset = { name: ownImages, samples, images: { collection, side, channels, classes: classes.length } };
      this.#askForThumbnail(`own:${collection}`, dataset);
    }
  }

  /** @param {string} key @param {unknown} dataset */
  async #askForThumbnail(key, dataset) {
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const question = {
      dataset,
      augmentation: null,
      share: /** @type {const} */ ("train"),
      start: 0,
      count: thumbnailCount,
    };
    const pictures = await askPatiently(() => this.api.fetchPictures(question), {
      wait: this.wait,
      isWanted: () => hasPictures(this.store.get(), key),
    });
    if (!pictures) this.#asked.delete(key);
    const { data } = this.store.get();
    if (pictures) this.store.set({ data: { ...data, thumbnails: { ...data.thumbnails, [key]: pictures } } });
  }
}
