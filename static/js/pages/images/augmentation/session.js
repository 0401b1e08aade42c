/** Fetches a few training pictures as training may see them. */

import { isAugmenting } from "../../../state/image-spec.js";
import { lacksData } from "../obstacle.js";
import { askPatiently } from "../patience.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** Pictures that are shown, each twice: as it is, and changed. */
export const shownPairs = 8;

/** A slider that moves asks once, when it has come to rest. */
const restMs = 150;

/**
 * @typedef {object} AugmentationSessionOptions
 * @property {Pick<import("../../../transport/image-api.js").ImageApi, "fetchPictures">} api
 * @property {import("../room.js").ImagesStore} store
 * @property {(delayMs: number) => Promise<void>} wait
 */

export class AugmentationSession {
  /** @type {string | null} */
  #asked = null;
  #newest = 0;

  /** @param {AugmentationSessionOptions} options */
  constructor({ api, store, wait }) {
    this.api = api;
    this.store = store;
    this.wait = wait;
  }

  /** Called after each change of the state. @param {ImagesState} state */
  follow(state) {
    const { spec, samples, augmented } = state;
    const originals = samples?.train ?? null;
    if (augmented.originals !== originals) this.store.set({ augmented: { ...augmented, originals, changed: null } });
    const wanted = originals && !lacksData(state) ? JSON.stringify([spec.dataset, spec.augmentation, spec.seed]) : null;
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    this.#newest += 1;
    if (wanted !== null) this.#ask(this.#newest);
  }

  /** @param {number} request */
  async #ask(request) {
    await this.wait(restMs);
    const { dataset, augmentation, seed } = this.store.get().spec;
    if (request !== this.#newest) return;
    const question = {
      dataset,
      augmentation,
      share: /** @type {const} */ ("train"),
      start: 0,
      count: shownPairs,
      epoch: 1,
      seed,
    };
    const set = (/** @type {ImagesState["augmented"]["changed"]} */ changed) =>
      this.store.set({ augmented: { ...this.store.get().augmented, changed } });
    const isWanted = () => request === this.#newest;
    if (!isAugmenting(augmentation)) {
      set(null);
      return;
    }
    const ask = () => this.api.fetchPictures(question);
    const changed = await askPatiently(ask, { wait: this.wait, isWanted, onFailure: () => set(null) });
    if (changed) set(changed);
  }
}
