/** Fetches test pictures of the run and keeps what the network says to them fresh, for as long as somebody looks. */

import { picturesAtOnce } from "../../../state/image-datasets.js";
import { specOf } from "../is-of-run.js";
import { askPatiently } from "../patience.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("./slice.js").Tested} Tested
 */

/** More would not fit a screen, nor a pupil's patience. */
export const mostPictures = 1000;
const chunk = 250;

/** A piece of work as long as this never keeps a drawing waiting. */
const pieceMs = 30;
const largestPiece = 64;

/** Nobody reads a matrix faster than that. */
const restMs = 1200;

/** Which pictures belong to a run. @param {ImagesState} state @returns {string} */
function keyOf({ run }) {
  return run ? JSON.stringify([run.runId, run.spec.dataset, run.spec.seed]) : "";
}

/** The pictures are shown in these tabs. @param {ImagesState} state */
const isLookedAt = ({ panel }) => panel === "quality" || panel === "inside";

/**
 * How many pictures a piece has, so that it takes about as long as it may.
 * @param {() => number} now milliseconds
 */
export function createPieces(now) {
  let count = 4;
  return {
    count: () => count,
    /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
    async measure(work) {
      const begunAt = now();
      const result = await work();
      const elapsed = now() - begunAt;
      if (elapsed < pieceMs / 2) count = Math.min(largestPiece, count * 2);
      else if (elapsed > pieceMs) count = Math.max(1, Math.floor(count / 2));
      return result;
    },
  };
}

/** @param {readonly import("../../../transport/image-api.js").Pictures[]} parts @param {string} key @returns {Tested} */
function joined(parts, key) {
  const [{ shape }] = parts;
  const size = shape.reduce((product, side) => product * side, 1);
  const labels = parts.flatMap((part) => part.labels);
  const pictures = new Uint8Array(labels.length * size);
  let offset = 0;
  for (const part of parts) {
    pictures.set(part.pictures, offset);
    offset += part.pictures.length;
  }
  return { key, labels, pictures, size, shape };
}

export class TestSession {
  #fetchedFor = "";
  #isAnswering = false;
  #answeredVersion = -1;
  #restsUntil = 0;

  /** @param {Pick<import("../room.js").Tools, "store" | "api" | "network" | "now" | "wait">} tools */
  constructor({ store, api, network, now, wait }) {
    this.store = store;
    this.api = api;
    this.network = network;
    this.now = now;
    this.wait = wait;
    this.pieces = createPieces(now);
  }

  /** @param {Partial<ImagesState["quality"]>} change */
  #set(change) {
    this.store.set({ quality: { ...this.store.get().quality, ...change } });
  }

  /** Called after each change of the state. */
  follow() {
    const state = this.store.get();
    const { run, model, panel, quality } = state;
    if (run === null || !isLookedAt(state)) return;
    const key = keyOf(state);
    if (key !== this.#fetchedFor) this.#fetch(key);
    const { tested } = quality;
    if (panel !== "quality" || tested?.key !== key || !model?.info) return;
    if (model.version !== this.#answeredVersion && !this.#isAnswering) this.#answer(tested);
  }

  /** @param {string} key */
  async #fetch(key) {
    this.#fetchedFor = key;
    this.#answeredVersion = -1;
    this.#set({ tested: null, verdicts: null, chosen: null, trouble: null });
    const tested = await askPatiently(() => this.#fetchAll(key), {
      wait: this.wait,
      isWanted: () => key === this.#fetchedFor,
      onFailure: ({ message }) => this.#set({ trouble: message }),
    });
    if (tested) this.#set({ tested, trouble: null });
  }

  /** @param {string} key @returns {Promise<Tested | null>} null when another run is shown meanwhile */
  async #fetchAll(key) {
    const { run, datasets } = this.store.get();
    if (run === null) return null;
    const { dataset, seed } = run.spec;
    const count = picturesAtOnce(datasets, specOf(run), chunk);
    const parts = [];
    for (let start = 0, total = mostPictures; start < Math.min(total, mostPictures); start += count) {
      const asked = { dataset, augmentation: null, share: /** @type {const} */ ("val"), start, count, seed };
      const part = await this.api.fetchPictures(asked);
      if (key !== this.#fetchedFor) return null;
      total = part.total;
      parts.push(part);
    }
    return joined(parts, key);
  }

  /** All pictures, piece by piece; the matrix counts what is answered so far when it has nothing older to show. @param {Tested} tested */
  async #answer(tested) {
    this.#isAnswering = true;
    const left = this.#restsUntil - this.now();
    if (left > 0) await this.wait(left);
    const { model } = this.store.get();
    if (model?.info) {
      const { version, epoch, info } = model;
      const answers = await this.#answerAll(tested, info.outputs, epoch);
      if (answers) {
        this.#answeredVersion = version;
        this.#set({ answered: 1, verdicts: { key: tested.key, epoch, outputs: info.outputs, answers } });
      }
    }
    this.#restsUntil = this.now() + restMs;
    this.#isAnswering = false;
    this.follow();
  }

  /** @param {Tested} tested @param {number} outputs @param {number} epoch @returns {Promise<Float32Array | null>} */
  async #answerAll(tested, outputs, epoch) {
    const { labels, pictures, size, key } = tested;
    const isFirst = this.store.get().quality.verdicts?.key !== key;
    const answers = new Float32Array(labels.length * outputs);
    for (let done = 0; done < labels.length; ) {
      const end = Math.min(labels.length, done + this.pieces.count());
      const piece = pictures.slice(done * size, end * size);
      const said = await this.pieces.measure(() => this.network.ask("slice", "predict", piece));
      const { quality, panel } = this.store.get();
      if (said === null || quality.tested !== tested || panel !== "quality") return null;
      answers.set(said, done * outputs);
      done = end;
      const verdicts = { key, epoch, outputs, answers: answers.slice(0, done * outputs) };
      this.#set({ answered: done / labels.length, ...(isFirst ? { verdicts } : {}) });
    }
    return answers;
  }
}
