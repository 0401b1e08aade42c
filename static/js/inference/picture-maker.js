/** The page's end of the inference worker: one request at a time, the newest moment wins. */

/**
 * @typedef {import("./picture-service.js").Answer} Answer
 * @typedef {import("./predict-grid.js").Focus} Focus
 * @typedef {{runId: string, weights: Float32Array | null, epoch: number, focus: Focus | null}} Moment
 */

/**
 * @typedef {object} MakerOptions
 * @property {Pick<Worker, "postMessage"> & {onmessage: any, onerror: any}} worker
 * @property {(answer: Answer) => void} onAnswer
 */

/**
 * @param {MakerOptions} options
 */
export function createPictureMaker({ worker, onAnswer }) {
  let isBusy = false;
  /** @type {Moment | null} */
  let waiting = null;

  function next() {
    if (isBusy || waiting === null) return;
    isBusy = true;
    worker.postMessage({ type: "draw", ...waiting });
    waiting = null;
  }

  worker.onmessage = (/** @type {MessageEvent} */ { data }) => {
    if (data.type === "ready") return;
    if (data.type === "picture" || data.during === "draw") isBusy = false;
    onAnswer(data);
    next();
  };
  worker.onerror = (/** @type {ErrorEvent} */ error) => {
    isBusy = false;
    onAnswer({ type: "failed", during: "draw", runId: "", message: error.message ?? "The inference worker broke." });
  };

  return {
    /**
     * @param {string} runId
     * @param {import("./model-loader.js").ModelFiles} files
     * @param {readonly string[]} featureNames
     */
    load(runId, files, featureNames) {
      worker.postMessage({ type: "load", runId, files, featureNames: [...featureNames] });
    },
    /** @param {Moment} moment a moment that still waits is forgotten */
    draw(moment) {
      waiting = moment;
      next();
    },
  };
}

/** @typedef {ReturnType<typeof createPictureMaker>} PictureMaker */
