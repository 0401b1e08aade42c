/** From weights to pictures: fetches the model of a run, hands each newest frame to the inference worker, checks against Keras. */

import { decodeWeights, splitWeights } from "../../core/weights.js";
import { problemOf } from "../../state/datasets.js";
import { weightParts } from "../../state/hidden-layers.js";
import { isFinal } from "../../state/selectors.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../page-state.js").ShownPicture} ShownPicture
 * @typedef {import("../../state/run-reducer.js").Run} Run
 * @typedef {import("../../inference/picture-service.js").Answer} Answer
 */

/**
 * @typedef {object} PictureSessionOptions
 * @property {Pick<import("../../transport/api.js").Api, "fetchModelFiles">} api
 * @property {import("../../state/store.js").Store<PageState>} store
 * @property {(onAnswer: (answer: Answer) => void) => import("../../inference/picture-maker.js").PictureMaker} makePictures
 * @property {(delayMs: number) => Promise<void>} wait
 */

const checkAttempts = 5;
const retryMs = [120, 200, 300, 500, 800, 1500, 2500];

/**
 * The network's answer as -1 … 1: a probability is stretched, a number is taken as it is.
 * @param {Float32Array} grid
 * @param {boolean} isProbability
 * @returns {Float32Array}
 */
function asShown(grid, isProbability) {
  return isProbability ? grid.map((value) => value * 2 - 1) : grid;
}

/**
 * @param {Answer & {type: "picture"}} answer
 * @param {Run} run
 * @param {boolean} isProbability
 * @returns {ShownPicture}
 */
export function shownPicture({ picture, weights, epoch, elapsedMs }, run, isProbability) {
  const { output, large, tiles, focus } = picture;
  const last = tiles.length - 1;
  const isFinalUnit = focus === null || focus.layer === last;
  const shownOutput = asShown(output, isProbability);
  return {
    ...picture,
    runId: run.runId,
    spec: run.spec,
    epoch,
    elapsedMs,
    output: shownOutput,
    large: isFinalUnit ? shownOutput : large,
    tiles: tiles.map((layer, index) => (index === last ? layer.map((grid) => asShown(grid, isProbability)) : layer)),
    layers: splitWeights(weights, weightParts(run.spec, 1)),
  };
}

/** Keeps the inference worker at the newest moment of the run the page shows. */
export class PictureSession {
  /** @type {string | null} run whose model the worker holds */
  #loadedRunId = null;
  /** Gives up the files of a run that is no longer shown. */
  #fetching = new AbortController();
  #attempts = 0;
  #checkedStatus = "";
  /** @type {unknown} */
  #sentFrame = null;
  /** @type {unknown} */
  #sentFocus = null;

  /** @param {PictureSessionOptions} options */
  constructor({ api, store, makePictures, wait }) {
    this.api = api;
    this.store = store;
    this.wait = wait;
    this.maker = makePictures((answer) => this.#receive(answer));
  }

  /** @param {Run} run a run the page did not show before */
  open(run) {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    this.#loadedRunId = null;
    this.#attempts = 0;
    this.#checkedStatus = run.status;
    this.#load(run);
  }

  /** Called after each change of the state; does nothing when there is nothing new to draw. */
  follow() {
    const { run, pointed, pinned, picture } = this.store.get();
    if (run === null || this.#loadedRunId !== run.runId) return;
    if (run.frame && run.frame !== this.#sentFrame) this.#sendFrame(run);
    else if ((pointed ?? pinned) !== this.#sentFocus) this.#draw(null, picture?.epoch ?? run.epoch);
    if (run.status !== this.#checkedStatus) this.#checkAgain(run);
  }

  /** @param {string} runId */
  #isCurrent(runId) {
    return this.store.get().run?.runId === runId;
  }

  /** The model may not be there while a run waits in the queue. @param {Run} run @param {number} attempt */
  async #load(run, attempt = 0) {
    if (!this.#isCurrent(run.runId)) return;
    try {
      const files = await this.api.fetchModelFiles(run.runId, this.#fetching.signal);
      if (this.#isCurrent(run.runId)) this.maker.load(run.runId, files, run.spec.features);
    } catch (error) {
      if (!this.#isCurrent(run.runId)) return;
      if (isFinal(this.store.get().run) && attempt >= retryMs.length) {
        this.store.set({ failure: /** @type {Error} */ (error).message });
        return;
      }
      await this.wait(retryMs[Math.min(attempt, retryMs.length - 1)]);
      await this.#load(run, attempt + 1);
    }
  }

  /** @param {Answer & {type: "loaded"}} answer */
  async #loaded({ runId, epoch, check }) {
    const { run } = this.store.get();
    if (run === null || run.runId !== runId) return;
    this.#loadedRunId = runId;
    if (run.frame !== null && run.frame.epoch > epoch) this.#sendFrame(run);
    else this.#draw(null, epoch);
    this.#attempts += 1;
    const isDecided = check !== null && (check.equal || this.#attempts >= checkAttempts);
    if (isDecided) this.store.set({ check, failure: null });
    else if (this.#attempts < checkAttempts || run.status === "paused") {
      await this.wait(retryMs[Math.min(this.#attempts, retryMs.length - 1)]);
      await this.#load(run);
    }
  }

  /** A pause or an end is a good moment: the weights stand still. @param {Run} run */
  #checkAgain(run) {
    const wasRunning = this.#checkedStatus === "running";
    this.#checkedStatus = run.status;
    if (!wasRunning || !["paused", "finished", "stopped"].includes(run.status)) return;
    this.#attempts = 0;
    this.#load(run);
  }

  /** @param {Float32Array | null} weights null: those the worker has @param {number} epoch */
  #draw(weights, epoch) {
    const { pointed, pinned } = this.store.get();
    const focus = pointed ?? pinned;
    this.#sentFocus = focus;
    if (this.#loadedRunId) this.maker.draw({ runId: this.#loadedRunId, weights, epoch, focus });
  }

  /** @param {Run} run */
  #sendFrame(run) {
    if (!run.frame) return;
    this.#sentFrame = run.frame;
    this.#draw(decodeWeights(run.frame.weights), run.frame.epoch);
  }

  /** @param {Answer} answer */
  #receive(answer) {
    const { run, datasets } = this.store.get();
    if (answer.type === "loaded") this.#loaded(answer);
    else if (answer.type === "failed") this.#fail(answer);
    else if (run && run.runId === answer.runId) {
      const isProbability = problemOf(datasets, run.spec.dataset.name) === "classification";
      this.store.set({ picture: shownPicture(answer, run, isProbability), failure: null });
    }
  }

  /** @param {Answer & {type: "failed"}} answer */
  #fail({ runId, message }) {
    if (runId === "" || this.#isCurrent(runId)) this.store.set({ failure: message });
  }
}
