/** What the inference worker does with a message: load a model, check it, draw it. */

import { createGridSizer } from "./grid-size.js";
import { loadModel } from "./model-loader.js";
import { predictGrid, setWeights, withAllLayers } from "./predict-grid.js";
import { belongTogether, checkModel } from "./self-check.js";

/**
 * @typedef {{type: "load", runId: string, files: import("./model-loader.js").ModelFiles, featureNames: string[]}} LoadRequest
 * @typedef {{type: "draw", runId: string, weights: Float32Array | null, epoch: number, focus: import("./predict-grid.js").Focus | null}} DrawRequest
 * @typedef {import("./self-check.js").Check} Check
 */

/**
 * @typedef {{type: "loaded", runId: string, epoch: number, check: Check | null, weights: Float32Array}
 *   | {type: "picture", runId: string, epoch: number, weights: Float32Array, elapsedMs: number, picture: import("./predict-grid.js").Picture}
 *   | {type: "failed", during: "load" | "draw", runId: string, message: string}} Answer check is null while model and probe are of different moments
 */

/**
 * The numbers of a picture are handed over instead of copied.
 * @param {Answer} answer
 * @returns {ArrayBufferLike[]} each once: without a unit in focus, the large picture is the output itself
 */
export function buffersOf(answer) {
  if (answer.type !== "picture") return [];
  const { output, large, tiles } = answer.picture;
  return [...new Set([output, large, ...tiles.flat()].map((grid) => grid.buffer))];
}

/** One model at a time, asked for as many pictures as are wanted. */
export class PictureService {
  #sizer = createGridSizer();
  /** @type {{runId: string, model: any, all: any, featureNames: string[], weights: Float32Array} | null} */
  #current = null;

  /**
   * @param {any} tf TensorFlow.js with its backend ready
   * @param {() => number} now milliseconds
   */
  constructor(tf, now) {
    this.tf = tf;
    this.now = now;
  }

  /**
   * @param {LoadRequest | DrawRequest} request
   * @returns {Promise<Answer>} never rejects: what went wrong is an answer too
   */
  async answer(request) {
    try {
      return request.type === "load" ? await this.#load(request) : this.#draw(request);
    } catch (error) {
      return { type: "failed", during: request.type, runId: request.runId, message: String(error) };
    }
  }

  /** @param {LoadRequest} request @returns {Promise<Answer>} */
  async #load({ runId, files, featureNames }) {
    const model = await loadModel(this.tf, files);
    const all = withAllLayers(this.tf, model);
    this.#current?.model.dispose();
    const weights = new Float32Array(files.weights.slice(0));
    this.#current = { runId, model, all, featureNames, weights };
    const epoch = files.model.userDefinedMetadata?.epoch ?? 0;
    const isKnown = belongTogether(files.model, files.probe);
    const check = isKnown ? await checkModel(this.tf, model, files.model, files.probe) : null;
    return { type: "loaded", runId, epoch, check, weights };
  }

  /** @param {DrawRequest} request @returns {Answer} */
  #draw({ runId, weights, epoch, focus }) {
    const current = this.#current;
    if (current === null || current.runId !== runId) {
      const message = "Asked for a picture of a model that is not loaded.";
      return { type: "failed", during: "draw", runId, message };
    }
    const started = this.now();
    if (weights) {
      setWeights(this.tf, current.model, weights);
      current.weights = weights;
    }
    const { all, featureNames } = current;
    const picture = predictGrid(this.tf, all, { featureNames, size: this.#sizer.size(), focus });
    const elapsedMs = this.now() - started;
    this.#sizer.learn(elapsedMs);
    return { type: "picture", runId, epoch, weights: current.weights, elapsedMs, picture };
  }
}
