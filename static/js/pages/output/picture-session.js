/** From weights to pictures: fetches the model of a run, hands the moment to show to the inference worker, checks against Keras. */

import { curveDomain } from "../../core/grid.js";
import { splitWeights } from "../../core/weights.js";
import { classesOf, kindOf, outputsOf } from "../../state/datasets.js";
import { weightParts } from "../../state/hidden-layers.js";
import { isFinal, isTraining } from "../../state/selectors.js";
import { shownFrame, withModel } from "../../state/time-machine.js";
import { createEvaluations } from "./evaluations.js";

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
 * @param {Run} run
 * @param {PageState["datasets"]} datasets
 * @returns {import("../../inference/predict-grid.js").Plot} over which inputs its network is drawn
 */
export function plotOf({ spec: { features, dataset } }, datasets) {
  const kind = kindOf(datasets, dataset.name) === "curve" ? "curve" : "plane";
  const isProbability = classesOf(datasets, dataset) !== null;
  return { kind, featureNames: [...features], domain: curveDomain(dataset), isProbability };
}

/**
 * @param {Answer & {type: "picture"}} answer
 * @param {Run} run
 * @param {PageState["datasets"]} datasets
 * @returns {ShownPicture}
 */
export function shownPicture({ picture, weights, epoch, elapsedMs }, { runId, spec }, datasets) {
  const layers = splitWeights(weights, weightParts(spec, outputsOf(datasets, spec.dataset)));
  return { ...picture, runId, spec, epoch, elapsedMs, layers };
}

/** Keeps the inference worker at the moment the page shows. */
export class PictureSession {
  /** @type {string | null} run whose model the worker holds */
  #loadedRunId = null;
  /** Gives up the files of a run that is no longer shown. */
  #fetching = new AbortController();
  #attempts = 0;
  #checkedStatus = "";
  /** @type {{frame: unknown, focus: unknown, isFine: boolean}} */
  #sent = { frame: null, focus: null, isFine: false };

  /** @param {PictureSessionOptions} options */
  constructor({ api, store, makePictures, wait }) {
    this.api = api;
    this.store = store;
    this.wait = wait;
    this.maker = makePictures((answer) => this.#receive(answer));
    this.evaluations = createEvaluations({ store, wait, maker: () => this.maker });
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
    const { run } = this.store.get();
    if (run === null || this.#loadedRunId !== run.runId) return;
    this.#draw();
    this.evaluations.follow(() => this.#shownFrame());
    if (run.status !== this.#checkedStatus) this.#checkAgain(run);
  }

  /** @param {string} runId */
  #isCurrent(runId) {
    return this.store.get().run?.runId === runId;
  }

  /** @returns {import("../../state/time-machine.js").KeptFrame | null} null while it cannot be drawn */
  #shownFrame() {
    const { run, timeMachine } = this.store.get();
    const canBeDrawn = run !== null && run.runId === this.#loadedRunId && run.runId === timeMachine.runId;
    return canBeDrawn ? shownFrame(timeMachine) : null;
  }

  /** The model may not be there while a run waits in the queue. @param {Run} run @param {number} attempt */
  async #load(run, attempt = 0) {
    if (!this.#isCurrent(run.runId)) return;
    try {
      const files = await this.api.fetchModelFiles(run.runId, this.#fetching.signal);
      if (this.#isCurrent(run.runId)) this.maker.load(run.runId, files, plotOf(run, this.store.get().datasets));
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
  async #loaded({ runId, epoch, check, weights }) {
    const { run, timeMachine } = this.store.get();
    if (run === null || run.runId !== runId) return;
    this.#loadedRunId = runId;
    const metrics = run.epoch === epoch ? run.metrics : null;
    this.store.set({ timeMachine: withModel(timeMachine, runId, { epoch, weights, metrics }) });
    this.follow();
    this.#attempts += 1;
    const isDecided = check !== null && (check.equal || this.#attempts >= checkAttempts);
    if (isDecided) this.store.set({ check, failure: null });
    else if (this.#attempts < checkAttempts) {
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

  /** A moment that stands still is drawn as fine as can be, so that it looks the same whenever one comes back to it. */
  #draw() {
    const { run, pointed, pinned, timeMachine } = this.store.get();
    const frame = this.#shownFrame();
    if (run === null || frame === null) return;
    const focus = pointed ?? pinned;
    const isFine = timeMachine.shownEpoch !== null || !isTraining(run);
    const last = this.#sent;
    if (frame === last.frame && focus === last.focus && (last.isFine || !isFine)) return;
    this.#sent = { frame, focus, isFine };
    this.maker.draw({ runId: run.runId, weights: frame.weights, epoch: frame.epoch, focus, isFine });
  }

  /** @param {Answer} answer */
  #receive(answer) {
    const { run, datasets, quality } = this.store.get();
    if (answer.type === "loaded") this.#loaded(answer);
    else if (answer.type === "failed") this.#fail(answer);
    else if (run === null || run.runId !== answer.runId) return;
    else if (answer.type === "picture") this.store.set({ picture: shownPicture(answer, run, datasets), failure: null });
    else {
      const { type: _type, ...evaluation } = answer;
      this.store.set({ quality: { ...quality, evaluation } });
    }
  }

  /** @param {Answer & {type: "failed"}} answer */
  #fail({ runId, during, message }) {
    if (during !== "evaluate" && (runId === "" || this.#isCurrent(runId))) this.store.set({ failure: message });
  }
}
