/** The page's end of the worker for pictures: one request at a time; who draws never waits behind a long list. */

/**
 * @typedef {import("./image-service.js").Answers} Answers
 * @typedef {"model" | "now" | "slice"} Lane
 *   model: changes of the network, all of them in their order; now: what the reader looks at, of each kind only the newest;
 *   slice: a piece of a long work, which comes last
 */

/**
 * @template {keyof Answers} Name
 * @typedef {Awaited<ReturnType<Answers[Name]>>} AnswerOf
 */

/**
 * @typedef {object} Waiting
 * @property {keyof Answers} name
 * @property {readonly unknown[]} given
 * @property {(answer: any) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** @type {readonly Lane[]} */
const order = ["model", "now", "slice"];

/** Which request is sent next. */
function createLanes() {
  /** @type {Record<Lane, Waiting[]>} */
  const lanes = { model: [], now: [], slice: [] };
  return {
    /** @param {Lane} lane @param {Waiting} waiting */
    add(lane, waiting) {
      const older = lane === "now" ? lanes.now.filter(({ name }) => name === waiting.name) : [];
      for (const { resolve } of older) resolve(null);
      lanes[lane] = [...lanes[lane].filter((each) => !older.includes(each)), waiting];
    },
    /** @returns {Waiting | null} */
    next() {
      const lane = order.find((each) => lanes[each].length > 0);
      return lane ? (lanes[lane].shift() ?? null) : null;
    },
  };
}

/**
 * @param {{worker: Pick<Worker, "postMessage"> & {onmessage: any, onerror: any}, onBroken: (message: string) => void}} options
 */
export function createImageAsker({ worker, onBroken }) {
  const lanes = createLanes();
  /** @type {(Waiting & {id: number}) | null} */
  let asked = null;
  let count = 0;

  function next() {
    const waiting = asked === null ? lanes.next() : null;
    if (waiting === null) return;
    count += 1;
    asked = { ...waiting, id: count };
    worker.postMessage({ id: count, name: waiting.name, given: waiting.given });
  }

  worker.onmessage = (/** @type {MessageEvent} */ { data }) => {
    if (data.type === "failed") onBroken(data.message);
    if (asked === null || data.id !== asked.id) return;
    const { resolve, reject } = asked;
    asked = null;
    if (data.error === undefined) resolve(data.result);
    else reject(new Error(data.error));
    next();
  };
  worker.onerror = (/** @type {ErrorEvent} */ error) => onBroken(error.message ?? "The inference worker broke.");

  return {
    /**
     * @template {keyof Answers} Name
     * @param {Lane} lane
     * @param {Name} name
     * @param {Parameters<Answers[Name]>} given
     * @returns {Promise<AnswerOf<Name> | null>} null when a newer request of the lane "now" took its place
     */
    ask(lane, name, ...given) {
      return new Promise((resolve, reject) => {
        lanes.add(lane, { name, given, resolve, reject });
        next();
      });
    },
  };
}

/** @typedef {ReturnType<typeof createImageAsker>} ImageAsker */
