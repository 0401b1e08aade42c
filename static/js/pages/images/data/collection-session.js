/** Data sets that are fetched, and own images: sent, prepared, chosen, deleted. The browser remembers which ones are its own. */

import { formatCount } from "../../../core/format.js";
import { imageDatasets } from "../../../state/image-datasets.js";
import { ApiError } from "../../../transport/api.js";
import { recallIds } from "../../memory.js";
import { pollWhile } from "../patience.js";
import { packFolder } from "./pack-folder.js";
import { chosenCollection } from "./view-data.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("../../../transport/image-api.js").Collection} Collection
 */

/**
 * @typedef {object} CollectionSessionOptions
 * @property {Pick<import("../../../transport/image-api.js").ImageApi, "fetchDatasets" | "fetchDataset" | "fetchCollection" | "deleteCollection" | "uploadCollection">} api
 * @property {import("../room.js").ImagesStore} store
 * @property {import("../../memory.js").Memory} memory
 * @property {(delayMs: number) => Promise<void>} wait
 * @property {(intent: any) => void} onIntent
 * @property {() => boolean} [isHidden] nobody looks at the page
 */

/** How often the server is asked how far it has come. */
const pollMs = 500;

/** A sentence of the page itself. @param {string} message @returns {import("./slice.js").Refusal} */
const said = (message) => ({ code: "", message });

/** The server takes no larger file. */
const mostBytes = 200_000_000;

/** @param {import("../../memory.js").Memory} memory @returns {string[]} ids of the own images of this browser */
const idsIn = (memory) => recallIds(memory, "image-collections");

/** @param {import("../../memory.js").Memory} memory @param {readonly string[]} ids */
const keepIds = (memory, ids) => memory.keep("image-collections", JSON.stringify(ids));

/** @param {import("../../memory.js").Memory} memory @param {string} id */
function forgetId(memory, id) {
  keepIds(
    memory,
    idsIn(memory).filter((each) => each !== id),
  );
}

/** @param {unknown} error @returns {boolean} the server has no such images */
const isGone = (error) => error instanceof ApiError && error.status === 404;

/**
 * A server that is being set up anew may not find them for once: only who is missed twice is gone.
 * @param {import("../../memory.js").Memory} memory
 * @param {string} id
 * @returns {boolean}
 */
function isMissedAgain(memory, id) {
  const missed = recallIds(memory, "image-collections-missed");
  const isAgain = missed.includes(id);
  const others = missed.filter((each) => each !== id);
  memory.keep("image-collections-missed", JSON.stringify(isAgain ? others : [...others, id]));
  return isAgain;
}

/**
 * @param {Pick<import("../../../transport/image-api.js").ImageApi, "fetchCollection">} api
 * @param {import("../../memory.js").Memory} memory
 * @param {string} id
 * @returns {Promise<Collection | null>} null when it is not there; as if preparing while the server does not answer
 */
async function look(api, memory, id) {
  try {
    return await api.fetchCollection(id);
  } catch (error) {
    if (!isGone(error)) return { collection: id, state: "preparing", classes: [] };
    if (isMissedAgain(memory, id)) forgetId(memory, id);
    return null;
  }
}

/**
 * Looks up the own images of this browser; those that are gone once more are forgotten.
 * @param {Pick<import("../../../transport/image-api.js").ImageApi, "fetchCollection">} api
 * @param {import("../../memory.js").Memory} memory
 * @returns {Promise<Collection[]>}
 */
export async function findCollections(api, memory) {
  const found = await Promise.all(idsIn(memory).map((id) => look(api, memory, id)));
  return found.filter((each) => each !== null);
}

export class CollectionSession {
  #isPolling = false;
  /** @type {(() => void) | null} */
  #abort = null;
  /** @type {string | null} own images that are chosen as soon as they are ready */
  #awaited = null;
  /** @type {Set<string>} ids that were met in settings */
  #met = new Set();

  /** @param {CollectionSessionOptions} options */
  constructor({ api, store, memory, wait, onIntent, isHidden }) {
    this.api = api;
    this.store = store;
    this.memory = memory;
    this.wait = wait;
    this.onIntent = onIntent;
    this.isHidden = isHidden;
  }

  /** Follows what was being prepared when the page was opened. */
  start() {
    this.#poll();
  }

  /** Called after each change of the state: a link may name images that another browser brought. @param {ImagesState} state */
  follow({ spec, data }) {
    const id = spec.dataset.images?.collection;
    if (!id || this.#met.has(id)) return;
    this.#met.add(id);
    if (!data.collections.some(({ collection }) => collection === id)) this.#meet(id);
  }

  /** @param {string} id */
  async #meet(id) {
    const isForeign = !idsIn(this.memory).includes(id);
    try {
      this.#put({ ...(await this.api.fetchCollection(id)), isForeign });
    } catch (error) {
      if (isGone(error)) this.#noteGone(id);
      else this.#put({ collection: id, state: "preparing", classes: [], isForeign });
    }
    this.#poll();
  }

  /** @param {string} name of a data set that is missing */
  async get(name) {
    this.#setData({ refusal: null });
    try {
      await this.api.fetchDataset(name);
      await this.#lookAtDatasets();
    } catch (error) {
      this.#refuse(error);
    }
    this.#poll();
  }

  /** @param {Blob} zip */
  async sendZip(zip) {
    if (zip.size > mostBytes) {
      const { t, language } = this.store.get().translator;
      const mb = formatCount(Math.ceil(zip.size / 1_000_000), language);
      this.#setData({ sending: null, refusal: said(t("images.own.too_large", { mb })) });
      return;
    }
    // Whoever turns to other data meanwhile is not taken away from them.
    this.#setData({ isAdding: true, sending: { phase: "sending", share: 0 }, refusal: null });
    const onProgress = (/** @type {number} */ share) => this.#setData({ sending: { phase: "sending", share } });
    const { answer, abort } = this.api.uploadCollection(zip, onProgress);
    this.#abort = abort;
    try {
      const { collection } = await answer;
      keepIds(this.memory, [...idsIn(this.memory), collection]);
      this.#awaited = collection;
      this.#put(await this.api.fetchCollection(collection));
    } catch (error) {
      this.#refuse(error);
    }
    this.#abort = null;
    this.#setData({ sending: null });
    this.#poll();
  }

  /** @param {readonly File[]} files of a folder */
  async sendFolder(files) {
    this.#setData({ sending: { phase: "packing", share: 0 }, refusal: null });
    const onProgress = (/** @type {number} */ share) => this.#setData({ sending: { phase: "packing", share } });
    const zip = await packFolder(files, onProgress).catch(() => undefined);
    if (zip) await this.sendZip(zip);
    else {
      const key = zip === null ? "images.own.no_pictures" : "images.own.unreadable";
      this.#setData({ sending: null, refusal: said(this.store.get().translator.t(key)) });
    }
  }

  stop() {
    this.#abort?.();
  }

  /** Deletes the own images that are chosen, on the server too. */
  async deleteChosen() {
    const own = chosenCollection(this.store.get());
    if (!own) return;
    try {
      await this.api.deleteCollection(own.collection);
    } catch (error) {
      if (!isGone(error)) {
        this.#refuse(error);
        return;
      }
    }
    this.onIntent({ type: "change", name: "dataset", value: this.store.get().datasets[0].name });
    this.#forget(own.collection);
  }

  /** @param {string} id */
  #forget(id) {
    forgetId(this.memory, id);
    this.#noteGone(id);
    this.#setCollections(this.store.get().data.collections.filter(({ collection }) => collection !== id));
  }

  /** @param {string} id */
  #noteGone(id) {
    this.#setData({ gone: [...this.store.get().data.gone, id] });
  }

  /** @param {Partial<ImagesState["data"]>} change */
  #setData(change) {
    this.store.set({ data: { ...this.store.get().data, ...change } });
  }

  /** Through an intent: what becomes ready can be trained from now on. @param {readonly Collection[]} collections */
  #setCollections(collections) {
    this.onIntent({ type: "collections", collections });
  }

  /** @param {Collection} newest */
  #put(newest) {
    const { collections } = this.store.get().data;
    const isKnown = collections.some(({ collection }) => collection === newest.collection);
    const next = collections.map((each) => (each.collection === newest.collection ? newest : each));
    this.#setCollections(isKnown ? next : [...next, newest]);
    if (newest.state === "failed") {
      this.#forget(newest.collection);
      this.#setData({ refusal: { code: newest.code ?? "", message: newest.message ?? "" } });
    } else if (newest.state === "ready" && newest.collection === this.#awaited) {
      this.#awaited = null;
      if (this.store.get().data.isAdding)
        this.onIntent({ type: "change", name: "dataset", value: `own:${newest.collection}` });
    }
  }

  /** @param {unknown} error */
  #refuse(error) {
    const { t } = this.store.get().translator;
    const isAnswer = error instanceof ApiError && error.status !== 0;
    const isStopped = error instanceof ApiError && error.code === "aborted";
    this.#setData({ refusal: isStopped ? null : isAnswer ? error : said(t("notice.unreachable")) });
  }

  async #lookAtDatasets() {
    const { datasets } = await this.api.fetchDatasets();
    this.onIntent({ type: "datasets", datasets: imageDatasets(datasets) });
  }

  /** Asks again and again while something is being prepared. */
  async #poll() {
    if (this.#isPolling) return;
    this.#isPolling = true;
    await pollWhile(() => this.#lookOnce().catch(() => false), {
      wait: this.wait,
      isNeeded: () => this.#isPreparing(),
      isHidden: this.isHidden,
      everyMs: pollMs,
    });
    this.#isPolling = false;
  }

  #isPreparing() {
    const { data, datasets } = this.store.get();
    return [...data.collections, ...datasets].some(({ state }) => state === "preparing");
  }

  /** @returns {Promise<boolean>} whether everything was answered */
  async #lookOnce() {
    let isAnswered = true;
    const { data, datasets } = this.store.get();
    if (datasets.some(({ state }) => state === "preparing")) await this.#lookAtDatasets();
    for (const { collection, isForeign } of data.collections.filter(({ state }) => state === "preparing")) {
      try {
        this.#put({ ...(await this.api.fetchCollection(collection)), isForeign });
      } catch (error) {
        const isOver = isGone(error) && isMissedAgain(this.memory, collection);
        if (isOver) this.#forget(collection);
        isAnswered &&= isOver;
      }
    }
    return isAnswered;
  }
}
