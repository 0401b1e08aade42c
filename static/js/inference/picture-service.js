/** What the inference worker does with a message: load a model, check it, draw it, let it answer rows of samples. */

import { createGridSizer, gridSizes } from "./grid-size.js";
import { loadModel } from "./model-loader.js";
import { predictGrid, predictRows, setWeights, variablesInOrder, withAllLayers } from "./predict-grid.js";
import { belongTogether, checkModel } from "./self-check.js";

/**
 * @typedef {import("./predict-grid.js").Focus} Focus
 * @typedef {import("./predict-grid.js").Plot} Plot
 * @typedef {import("./self-check.js").Check} Check
 * @typedef {{runId: string, weights: Float32Array, epoch: number}} Moment
 */

/**
 * @typedef {{type: "load", runId: string, files: import("./model-loader.js").ModelFiles, plot: Plot}} LoadRequest
 * @typedef {Moment & {type: "draw", focus: Focus | null, isFine: boolean}} DrawRequest isFine: as fine as pictures get
 * @typedef {Moment & {type: "evaluate", train: Float32Array, val: Float32Array}} EvaluateRequest rows of inputs
 */

/**
 * @typedef {{type: "loaded", runId: string, epoch: number, check: Check | null, weights: Float32Array}
 *   | Moment & {type: "picture", elapsedMs: number, picture: import("./predict-grid.js").Picture}
 *   | {type: "evaluated", runId: string, epoch: number, outputs: number, train: Float32Array, val: Float32Array}
 *   | {type: "failed", during: "load" | "draw" | "evaluate", runId: string, message: string}} Answer check is null while model and probe are of different moments
 */

/**
 * The numbers of an answer are handed over instead of copied.
 * @param {Answer} answer
 * @returns {ArrayBufferLike[]} each once
 */
export function buffersOf(answer) {
  if (answer.type === "evaluated") return [answer.train.buffer, answer.val.buffer];
  if (answer.type !== "picture") return [];
  return [...new Set([answer.weights.buffer, answer.picture.outputs[0].buffer])];
}

/** One model at a time, asked for as many pictures as are wanted. */
export class PictureService {
  #sizer = createGridSizer();
  /** @type {{runId: string, model: any, all: any, variables: any[], plot: Plot} | null} */
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
   * @param {LoadRequest | DrawRequest | EvaluateRequest} request
   * @returns {Promise<Answer>} never rejects: what went wrong is an answer too
   */
  async answer(request) {
    try {
      if (request.type === "load") return await this.#load(request);
      return request.type === "draw" ? this.#draw(request) : this.#evaluate(request);
    } catch (error) {
      return { type: "failed", during: request.type, runId: request.runId, message: String(error) };
    }
  }

  /** @param {LoadRequest} request @returns {Promise<Answer>} */
  async #load({ runId, files, plot }) {
    const model = await loadModel(this.tf, files);
    const all = withAllLayers(this.tf, model);
    const variables = variablesInOrder(model, files.model.weightsManifest);
    this.#current?.model.dispose();
    this.#current = { runId, model, all, variables, plot };
    const epoch = files.model.userDefinedMetadata?.epoch ?? 0;
    const isKnown = belongTogether(files.model, files.probe);
    const check = isKnown ? await checkModel(this.tf, model, files.model, files.probe) : null;
    return { type: "loaded", runId, epoch, check, weights: new Float32Array(files.weights.slice(0)) };
  }

  /** The model at a moment. @param {Moment} moment */
  #modelAt({ runId, weights }) {
    const current = this.#current;
    if (current === null || current.runId !== runId) throw new Error("Asked about a model that is not loaded.");
    setWeights(this.tf, current.variables, weights);
    return current;
  }

  /** @param {DrawRequest} request @returns {Answer} */
  #draw({ runId, weights, epoch, focus, isFine }) {
    const started = this.now();
    const { all, plot } = this.#modelAt({ runId, weights, epoch });
    const size = isFine ? gridSizes[0] : this.#sizer.size();
    const picture = predictGrid(this.tf, all, plot, { size, focus });
    const elapsedMs = this.now() - started;
    if (!isFine) this.#sizer.learn(elapsedMs);
    return { type: "picture", runId, epoch, weights, elapsedMs, picture };
  }

  /** @param {EvaluateRequest} request @returns {Answer} */
  #evaluate({ runId, weights, epoch, train, val }) {
    const { model, plot } = this.#modelAt({ runId, weights, epoch });
    const [ofTrain, ofVal] = [train, val].map((rows) => predictRows(this.tf, model, rows, plot.featureNames.length));
    const { outputs } = ofTrain;
    return { type: "evaluated", runId, epoch, outputs, train: ofTrain.answers, val: ofVal.answers };
  }
}
