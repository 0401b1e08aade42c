/** Trains small networks one after another, from few examples to more, each from scratch and with the base. */

import { studySteps } from "../../../core/transfer.js";
import { classesIn, keyOf, ownImages } from "../../../state/image-datasets.js";
import { noAugmentation } from "../../../state/image-spec.js";
import { isFinal } from "../../../state/selectors.js";
import { ApiError } from "../../../transport/api.js";
import { firstHead } from "./changes.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("../../../state/image-spec.js").ImageSpec} ImageSpec
 * @typedef {import("./slice.js").Study} Study
 */

/** A run that trains is looked at this often. */
const lookMs = 400;

/** So many failures in a row are borne, when they are of a kind that passes. */
const mostFailures = 3;
const passing = Object.freeze([0, 429, 502, 503, 504]);

/** Enough for either to come to rest on a few hundred pictures. */
const epochs = 30;

/** @param {ImagesState} state @returns {number} pictures there are */
export function picturesIn({ spec, datasets, data }) {
  const { name, images } = spec.dataset;
  if (name !== ownImages) return datasets.find((entry) => entry.name === name)?.limits?.samples?.[1] ?? 0;
  const own = data.collections.find(({ collection }) => collection === images?.collection);
  return own?.classes.reduce((sum, { count }) => sum + count, 0) ?? 0;
}

/**
 * @param {ImagesState} state
 * @returns {{steps: import("../../../core/transfer.js").StudyStep[], scratch: ImageSpec, base: ImageSpec}} the two specs without their samples
 */
export function studyOf(state) {
  const { spec, transfer, networks, datasets } = state;
  const { width, size, unfrozen, scratch, head } = transfer;
  const usual = networks.find(({ name }) => name === "small_cnn")?.layers ?? [{ kind: "flatten" }];
  const optimizer = { ...spec.optimizer, name: "adam", learning_rate: 0.001, momentum: 0, nesterov: false };
  const common = { ...spec, optimizer, epochs, early_stopping: null, batch_size: 16, augmentation: noAugmentation };
  const base = spec.base ?? { name: "mobilenet_v2", width, size, unfrozen };
  return {
    steps: studySteps(classesIn(datasets, spec), picturesIn(state)),
    scratch: { ...common, base: null, layers: spec.base ? (scratch?.layers ?? usual) : spec.layers },
    base: { ...common, base, layers: spec.base ? spec.layers : (head ?? firstHead) },
  };
}

export class StudySession {
  #newest = 0;
  /** @type {string | null} the run that is on its way */
  #runId = null;

  /** @param {Pick<import("../room.js").Tools, "api" | "store" | "wait">} tools */
  constructor({ api, store, wait }) {
    this.api = api;
    this.store = store;
    this.wait = wait;
  }

  /** Begins anew; ends when all runs are done, when one fails, or when it is stopped. */
  async run() {
    this.#newest += 1;
    const request = this.#newest;
    const { steps, ...specs } = studyOf(this.store.get());
    const points = steps.map(({ examples }) => ({ examples, scratch: null, base: null }));
    const key = keyOf(specs.base.dataset);
    this.#set({ key, points, runs: 2 * steps.length, done: 0, isRunning: true, failure: null });
    try {
      for (const [place, step] of steps.entries())
        for (const kind of /** @type {const} */ (["scratch", "base"])) {
          const { samples, train_fraction } = step;
          const spec = specs[kind];
          const dataset = { ...spec.dataset, samples, train_fraction, split: "share" };
          const accuracy = await this.#accuracyOf({ ...spec, dataset }, request);
          if (request !== this.#newest) return;
          this.#note(place, kind, accuracy);
        }
      this.#change({ isRunning: false });
    } catch (error) {
      if (request === this.#newest)
        this.#change({ isRunning: false, failure: String(/** @type {any} */ (error)?.message ?? error) });
    }
  }

  /** The page is left: nobody would fetch the answer. */
  leave() {
    if (this.#runId !== null) this.api.deleteRun(this.#runId).catch(() => undefined);
    this.stop();
  }

  /** What is known so far stays. */
  stop() {
    this.#newest += 1;
    this.#change({ isRunning: false });
  }

  /**
   * @param {unknown} spec
   * @param {number} request
   * @returns {Promise<number | null>} share of the unseen pictures that are right in the end
   */
  async #accuracyOf(spec, request) {
    const id = await this.#bearing(async () => {
      const { run_id } = await this.api.createRun(spec, { paused: false, speed: null });
      return /** @type {string} */ (run_id);
    });
    this.#runId = id;
    try {
      for (;;) {
        await this.wait(lookMs);
        if (request !== this.#newest) return null;
        const run = await this.#bearing(() => this.api.fetchRun(id));
        if (run.status === "failed") throw new Error(run.reason ?? run.status);
        if (isFinal(run)) return run.metrics.val_accuracy ?? null;
      }
    } finally {
      if (this.#runId === id) this.#runId = null;
      // A run that is gone already is no trouble.
      await this.api.deleteRun(id).catch(() => undefined);
    }
  }

  /**
   * A comparison of minutes does not end because an answer was lost.
   * @template Answer
   * @param {() => Promise<Answer>} ask
   * @returns {Promise<Answer>}
   */
  async #bearing(ask) {
    for (let failures = 0; ; failures += 1) {
      try {
        return await ask();
      } catch (error) {
        const mayPass = error instanceof ApiError && passing.includes(error.status);
        if (!mayPass || failures >= mostFailures) throw error;
        await this.wait(lookMs * 2 ** (failures + 1));
      }
    }
  }

  /** @param {number} place @param {"scratch" | "base"} kind @param {number | null} accuracy */
  #note(place, kind, accuracy) {
    const { study } = this.store.get().transfer;
    if (!study) return;
    const points = study.points.map((point, index) => (index === place ? { ...point, [kind]: accuracy } : point));
    this.#change({ points, done: study.done + 1 });
  }

  /** @param {Partial<Study>} change */
  #change(change) {
    const { study } = this.store.get().transfer;
    if (study) this.#set({ ...study, ...change });
  }

  /** @param {Study} study */
  #set(study) {
    this.store.set({ transfer: { ...this.store.get().transfer, study } });
  }
}
