/** What the inference worker does for a page of pictures: holds one network, which is replaced while it learns, and answers. */

import { principalPlaces } from "../core/pca.js";
import { createNeighbourMap } from "../core/tsne.js";
import { ImageNetwork } from "./image-network.js";
import { loadModel } from "./model-loader.js";
import { belongTogether, checkModel } from "./self-check.js";

/**
 * @typedef {import("./image-network.js").NetworkInfo} NetworkInfo
 * @typedef {import("./image-network.js").UnitKernel} UnitKernel
 * @typedef {import("./self-check.js").Check} Check
 */

/**
 * @typedef {{runId: string, epoch: number, info: NetworkInfo, check: Check | null}} Loaded check is null while model and probe are of different moments
 * @typedef {{places: Float32Array, iterations: number, shares: number[] | null}} Mapped places: shape [rows, 2]
 */

/**
 * @typedef {object} Answers what each request is answered with
 * @property {(runId: string, files: import("./model-loader.js").ModelFiles) => Promise<Loaded>} load
 * @property {(runId: string, weights: Float32Array) => null} setWeights
 * @property {(runId: string, pictures: Uint8Array) => Float32Array} predict shape [pictures, outputs]
 * @property {(runId: string, picture: Uint8Array) => Float32Array[]} look answers of each layer
 * @property {(runId: string, pictures: Uint8Array) => {columns: number, values: Float32Array} | null} describe
 * @property {(runId: string, layer: number, units: readonly number[]) => UnitKernel[]} kernels
 * @property {(points: Float32Array, columns: number) => Mapped} spread principal components
 * @property {(points: Float32Array, columns: number) => Mapped} gather begins a map of neighbours
 * @property {(iterations: number) => Mapped} gatherOn
 */

/** @param {any} tf @param {any} model @param {import("./model-loader.js").ModelFiles} files */
async function checkedNetwork(tf, model, files) {
  const network = new ImageNetwork(tf, model, files.model);
  const isKnown = belongTogether(files.model, files.probe);
  return { network, check: isKnown ? await checkModel(tf, model, files.model, files.probe) : null };
}

/** @param {any} tf TensorFlow.js with its backend ready @returns {Answers} */
export function createImageAnswers(tf) {
  /** @type {{runId: string, network: ImageNetwork} | null} */
  let current = null;
  /** @type {ReturnType<typeof createNeighbourMap> | null} */
  let map = null;

  /** @param {string} runId */
  function networkOf(runId) {
    if (current === null || current.runId !== runId) throw new Error("Asked about a model that is not loaded.");
    return current.network;
  }

  /** @returns {Mapped} */
  function mapped() {
    if (map === null) throw new Error("There is no map to go on with.");
    return { places: map.places(), iterations: map.iterations(), shares: null };
  }

  return {
    async load(runId, files) {
      const model = await loadModel(tf, files);
      const { network, check } = await checkedNetwork(tf, model, files).catch((error) => {
        model.dispose();
        throw error;
      });
      current?.network.dispose();
      current = { runId, network };
      return { runId, epoch: files.model.userDefinedMetadata?.epoch ?? 0, info: network.info(), check };
    },
    setWeights(runId, weights) {
      networkOf(runId).setWeights(weights);
      return null;
    },
    predict: (runId, pictures) => networkOf(runId).predict(pictures),
    look: (runId, picture) => networkOf(runId).look(picture),
    describe: (runId, pictures) => networkOf(runId).describe(pictures),
    kernels: (runId, layer, units) => units.map((unit) => networkOf(runId).kernel(layer, unit)),
    spread: (points, columns) => ({ ...principalPlaces(points, columns), iterations: 0 }),
    gather(points, columns) {
      map = createNeighbourMap(points, columns);
      return mapped();
    },
    gatherOn(iterations) {
      map?.step(iterations);
      return mapped();
    },
  };
}

/** @typedef {{id: number, name: keyof Answers, given: any[]}} Request */
/** @typedef {{id: number, result?: any, error?: string}} Reply */

/** The worker's answer to any request: a service by the same shape as that of the playground. */
export class ImageService {
  /** @param {any} tf */
  constructor(tf) {
    this.answers = createImageAnswers(tf);
  }

  /** @param {Request} request @returns {Promise<Reply>} never rejects: what went wrong is an answer too */
  async answer({ id, name, given }) {
    try {
      return { id, result: await /** @type {any} */ (this.answers[name])(...given) };
    } catch (error) {
      return { id, error: String(error) };
    }
  }
}

/** The numbers of a reply are handed over instead of copied. @param {Reply} reply @returns {ArrayBufferLike[]} each once */
export function buffersOf({ result }) {
  const arrays = [result, ...(Array.isArray(result) ? result : Object.values(result ?? {}))];
  return [...new Set(arrays.filter((value) => ArrayBuffer.isView(value)).map((view) => view.buffer))];
}
