/** Small pictures of what the kept runs answered, as this browser keeps them. */

/** @typedef {Record<string, string>} Pictures data addresses, by run */

/**
 * @param {string | null} text as `writePictures` wrote it, or anything else
 * @returns {Pictures}
 */
export function readPictures(text) {
  try {
    const entries = Object.entries(JSON.parse(text ?? "{}") ?? {});
    const isPicture = (/** @type {unknown} */ value) => typeof value === "string" && value.startsWith("data:image/");
    return Object.fromEntries(entries.filter(([, value]) => isPicture(value)));
  } catch {
    return {};
  }
}

/**
 * @template Known
 * @param {Record<string, Known>} byRun
 * @param {readonly {runId: string}[]} kept
 * @returns {Record<string, Known>} only what is known of kept runs
 */
export function withoutStrays(byRun, kept) {
  const ids = new Set(kept.map(({ runId }) => runId));
  return Object.fromEntries(Object.entries(byRun).filter(([runId]) => ids.has(runId)));
}

/** While it trains, a picture now and then is enough. */
const restMs = 3000;

/**
 * @param {object} options
 * @param {Pick<import("./run-shelf.js").RunShelf, "find" | "putPicture">} options.shelf
 * @param {(hasSamples: boolean) => string | null} options.copy of what the page draws at this moment
 * @param {() => number} options.now milliseconds
 */
export function createPictureTaker({ shelf, copy, now }) {
  /** @type {unknown} */
  let taken = null;
  let takenAt = -Infinity;

  /** A picture of the whole network's newest answer, worth keeping. @param {import("../page-state.js").PageState} state */
  function isWorthIt({ run, picture, feature, timeMachine }) {
    if (!run || picture?.runId !== run.runId || picture === taken) return false;
    if (picture.focus || feature || timeMachine.shownEpoch !== null) return false;
    const kept = shelf.find(run.runId);
    return Boolean(kept && (kept.isTrained || kept.pin !== null));
  }

  return {
    /** Called when the page has been drawn. @param {import("../page-state.js").PageState} state */
    follow(state) {
      const isMoving = state.run?.status === "running";
      if (!isWorthIt(state) || (isMoving && now() - takenAt < restMs)) return;
      const picture = copy(state.picture?.kind === "curve");
      taken = state.picture;
      takenAt = now();
      if (picture && state.run) shelf.putPicture(state.run.runId, picture);
    },
  };
}
