/** The page's end of the inference worker: one request at a time, the newest moment wins, pictures before evaluations. */

/**
 * @typedef {import("./picture-service.js").Answer} Answer
 * @typedef {Omit<import("./picture-service.js").DrawRequest, "type">} DrawnMoment
 * @typedef {Omit<import("./picture-service.js").EvaluateRequest, "type">} EvaluatedMoment
 */

/**
 * @typedef {object} MakerOptions
 * @property {Pick<Worker, "postMessage"> & {onmessage: any, onerror: any}} worker
 * @property {(answer: Answer) => void} onAnswer
 */

/** A machine that is never done with its pictures still evaluates now and then. */
const mostOvertakings = 12;

/** What to ask next; of each kind only the newest request waits. */
function createLine() {
  /** @type {DrawnMoment | null} */
  let picture = null;
  /** @type {EvaluatedMoment | null} */
  let evaluation = null;
  let overtakings = 0;

  function nextEvaluation() {
    const request = { type: "evaluate", ...evaluation };
    evaluation = null;
    overtakings = 0;
    return request;
  }

  return {
    /** @param {DrawnMoment} moment */
    draw(moment) {
      picture = moment;
    },
    /** @param {EvaluatedMoment} moment */
    evaluate(moment) {
      evaluation = moment;
    },
    /** @returns {object | null} */
    next() {
      if (evaluation && (picture === null || overtakings >= mostOvertakings)) return nextEvaluation();
      if (picture === null) return null;
      if (evaluation) overtakings += 1;
      const request = { type: "draw", ...picture };
      picture = null;
      return request;
    },
  };
}

/**
 * @param {MakerOptions} options
 */
export function createPictureMaker({ worker, onAnswer }) {
  const line = createLine();
  let isBusy = false;

  function next() {
    const request = isBusy ? null : line.next();
    if (request === null) return;
    isBusy = true;
    worker.postMessage(request);
  }

  worker.onmessage = (/** @type {MessageEvent} */ { data }) => {
    if (data.type === "ready") return;
    const isOfLoading = data.type === "loaded" || data.during === "load";
    if (!isOfLoading) isBusy = false;
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
     * @param {import("./predict-grid.js").Plot} plot
     */
    load(runId, files, plot) {
      worker.postMessage({ type: "load", runId, files, plot });
    },
    /** @param {DrawnMoment} moment a moment that still waits is forgotten */
    draw(moment) {
      line.draw(moment);
      next();
    },
    /** @param {EvaluatedMoment} moment a moment that still waits is forgotten */
    evaluate(moment) {
      line.evaluate(moment);
      next();
    },
  };
}

/** @typedef {ReturnType<typeof createPictureMaker>} PictureMaker */
