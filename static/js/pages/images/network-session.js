/** The network in this browser: fetched from the run that is shown, kept up with it while it learns, asked by the rooms. */

import { decodeWeights } from "../../core/weights.js";
import { isFinal } from "../../state/selectors.js";
import { ApiError } from "../../transport/api.js";

/**
 * @typedef {import("./page-state.js").ImagesState} ImagesState
 * @typedef {import("../../state/run-reducer.js").Run} Run
 * @typedef {import("../../inference/image-service.js").Answers} Answers
 * @typedef {import("../../inference/image-asker.js").Lane} Lane
 * @typedef {import("../../inference/image-service.js").Loaded} Loaded
 */

/**
 * @typedef {object} NetworkSessionOptions
 * @property {Pick<import("../../transport/api.js").Api, "fetchModelFiles">} api
 * @property {import("./room.js").ImagesStore} store
 * @property {Pick<import("../../inference/image-asker.js").ImageAsker, "ask">} asker
 * @property {(delayMs: number) => Promise<void>} wait
 * @property {() => number} now milliseconds
 */

/** Making the files costs the worker time that it could train in: so much longer than it took is waited. */
const restTimes = 3;
const shortestRestMs = 700;
const retryMs = [150, 300, 500, 800, 1500, 2500];
const checkAttempts = 5;

/**
 * @param {unknown} error
 * @param {boolean} isOver the run has ended: what is not there now will not come
 * @returns {boolean} the files may be there a little later
 */
function mayPass(error, isOver) {
  if (!(error instanceof ApiError)) return false;
  return [0, 429, 502, 504].includes(error.status) || (!isOver && [404, 503].includes(error.status));
}

/**
 * @template T
 * @typedef {T extends [string, ...infer Rest] ? Rest : never} WithoutRun
 */

/** Keeps the worker's network at the newest weights of the run that is shown. */
export class NetworkSession {
  #runId = "";
  #isFetching = false;
  #isSetting = false;
  /** @type {unknown} the frame whose weights the worker has */
  #frame = null;
  /** @type {{epoch: number, isFinal: boolean}} what was known of the run when its files were asked for */
  #fetched = { epoch: -1, isFinal: false };
  #restedAt = 0;
  #failures = 0;
  #checks = 0;
  #version = 0;
  #stop = new AbortController();

  /** @param {NetworkSessionOptions} options */
  constructor({ api, store, asker, wait, now }) {
    this.api = api;
    this.store = store;
    this.asker = asker;
    this.wait = wait;
    this.now = now;
  }

  /**
   * Asks the network of the run that is shown.
   * @template {"predict" | "look" | "describe" | "kernels"} Name
   * @param {Lane} lane
   * @param {Name} name
   * @param {WithoutRun<Parameters<Answers[Name]>>} given
   * @returns {Promise<Awaited<ReturnType<Answers[Name]>> | null>} null when there is none, or the question is out of date
   */
  async ask(lane, name, ...given) {
    const runId = this.store.get().model?.runId;
    if (runId === undefined) return null;
    try {
      const asked = /** @type {any} */ ([runId, ...given]);
      return /** @type {any} */ (await this.asker.ask(lane, name, ...asked));
    } catch (error) {
      // Other questions leave a card empty; without answers to pictures the network itself is of no use.
      if (name === "predict") this.#fail(runId, error);
      return null;
    }
  }

  /**
   * Has the worker compute something that needs no network.
   * @template {"spread" | "gather" | "gatherOn"} Name
   * @param {Name} name
   * @param {Parameters<Answers[Name]>} given
   * @returns {Promise<Awaited<ReturnType<Answers[Name]>> | null>} null when it went wrong
   */
  async compute(name, ...given) {
    try {
      return await this.asker.ask("slice", name, ...given);
    } catch {
      return null;
    }
  }

  /** Called after each change of the state; does nothing when the network is as new as can be. */
  follow() {
    const { run } = this.store.get();
    if (run === null) return;
    if (run.runId !== this.#runId) this.#begin(run);
    if (run.frame !== null) this.#setFrame(run);
    if (this.#needsFiles(run)) this.#fetch(run);
  }

  /** @param {Run} run */
  #begin(run) {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#runId = run.runId;
    this.#isFetching = false;
    this.#frame = null;
    this.#fetched = { epoch: -1, isFinal: false };
    this.#failures = 0;
    this.#checks = 0;
    this.#restedAt = 0;
  }

  /** Frames bring the weights of small networks; those of large ones are fetched again. @param {Run} run */
  #needsFiles(run) {
    if (this.#isFetching) return false;
    if (this.#fetched.epoch < 0) return true;
    if (isFinal(run) || run.status === "paused") return !this.#fetched.isFinal || run.epoch > this.#fetched.epoch;
    const hasFrames = run.frame !== null && Boolean(this.store.get().model?.info);
    return !hasFrames && run.epoch > this.#fetched.epoch;
  }

  /** @param {string} runId */
  #isCurrent(runId) {
    return this.#runId === runId && this.store.get().run?.runId === runId;
  }

  /** One fetch at a time. @param {Run} run */
  async #fetch({ runId }) {
    this.#isFetching = true;
    const { signal } = this.#stop;
    await this.#rest();
    if (signal.aborted) return;
    const { run } = this.store.get();
    if (run === null || run.runId !== runId) return;
    const begunAt = this.now();
    try {
      const files = await this.api.fetchModelFiles(runId, signal);
      if (!this.#isCurrent(runId)) return;
      const loaded = await this.asker.ask("model", "load", runId, files);
      if (!this.#isCurrent(runId) || loaded === null) return;
      this.#fetched = { epoch: run.epoch, isFinal: isFinal(run) || run.status === "paused" };
      this.#failures = 0;
      this.#show(loaded);
    } catch (error) {
      if (signal.aborted || !this.#isCurrent(runId)) return;
      await this.#failed(runId, error);
    }
    this.#isFetching = false;
    this.#restedAt = this.now() + Math.max(shortestRestMs, restTimes * (this.now() - begunAt));
    this.follow();
  }

  async #rest() {
    const left = this.#restedAt - this.now();
    if (left > 0) await this.wait(left);
  }

  /** The model may not be there while a run waits in the line. @param {string} runId @param {unknown} error */
  async #failed(runId, error) {
    const { run } = this.store.get();
    this.#failures += 1;
    if (run && this.#failures > retryMs.length && !mayPass(error, isFinal(run))) {
      // A model that this browser cannot load is tried once more when it has learned, not all the time.
      const isOver = isFinal(run);
      this.#fetched = { epoch: isOver ? Infinity : run.epoch, isFinal: isOver || run.status === "paused" };
      this.#fail(runId, error);
      return;
    }
    await this.wait(retryMs[Math.min(this.#failures, retryMs.length) - 1]);
  }

  /** @param {Loaded} loaded */
  #show({ runId, epoch, info, check }) {
    this.#frame = null;
    this.#version += 1;
    const known = this.store.get().model;
    this.#checks += 1;
    // A model and a probe of two moments say nothing; a few times it is tried again.
    if (check === null && this.#checks < checkAttempts) this.#fetched = { epoch: -1, isFinal: false };
    const lastCheck = known?.runId === runId ? known.check : null;
    this.store.set({
      model: { runId, epoch, info, check: check ?? lastCheck, version: this.#version, failure: null },
    });
  }

  /** The newest frame; while one is set, newer ones wait. @param {Run} run */
  async #setFrame({ runId, frame }) {
    const { model } = this.store.get();
    if (frame === null || frame === this.#frame || this.#isSetting || model === null || model.runId !== runId) return;
    if (frame.epoch < model.epoch) return;
    this.#isSetting = true;
    this.#frame = frame;
    try {
      await this.asker.ask("model", "setWeights", runId, decodeWeights(frame.weights));
      const now = this.store.get().model;
      this.#version += 1;
      if (now?.runId === runId) this.store.set({ model: { ...now, epoch: frame.epoch, version: this.#version } });
    } catch (error) {
      this.#fail(runId, error);
    }
    this.#isSetting = false;
    this.follow();
  }

  /** The worker itself is gone, or never came. @param {string} message */
  breakDown(message) {
    this.#fail(this.#runId, new Error(message));
  }

  /** @param {string} runId @param {unknown} error */
  #fail(runId, error) {
    const { model } = this.store.get();
    if (!this.#isCurrent(runId)) return;
    const known = model ?? { runId, epoch: 0, info: null, check: null, version: 0 };
    this.store.set({ model: { ...known, failure: /** @type {Error} */ (error).message } });
  }
}
