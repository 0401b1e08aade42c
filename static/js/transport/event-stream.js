/** An open line to one run: hands over its events, survives cuts, rests while nobody looks. */

const firstDelayMs = 2000;
const longestDelayMs = 60_000;

/**
 * @typedef {object} StreamEvent
 * @property {string} type
 * @property {any} data
 */

/**
 * @typedef {object} StreamOptions
 * @property {(cursor: string | null) => string} url where to listen, after that cursor
 * @property {readonly string[]} types events to hand over
 * @property {(streamEvent: StreamEvent) => void} onEvent
 * @property {(connection: "open" | "waiting" | "refused") => void} onConnection refused: the browser will not come back by itself
 * @property {new (url: string) => EventSource} EventSource
 * @property {(act: () => void, delayMs: number) => unknown} later
 * @property {(timer: any) => void} cancel
 * @property {() => number} random 0 to 1
 */

/**
 * How long to wait before the next attempt: doubling, spread by half so that a class does not come back at once.
 * @param {number} attempt 0 for the first
 * @param {number} random 0 to 1
 * @returns {number} milliseconds
 */
export function reopenDelay(attempt, random) {
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
  return Math.min(longestDelayMs, delay * (0.5 + random));
}

/**
 * The browser reconnects after a cut by itself, but never after a refusal (503, 502 of a proxy): then readyState is CLOSED and
 * this class opens a new line.
 */
export class EventStream {
  /** @type {EventSource | null} */
  #line = null;
  /** @type {string | null} */
  #cursor = null;
  #attempt = 0;
  #isEnded = true;
  /** @type {unknown} */
  #timer = null;

  /** @param {StreamOptions} options */
  constructor(options) {
    this.options = options;
  }

  /** @param {string | null} after cursor to go on from */
  open(after) {
    this.rest();
    this.#cursor = after;
    this.#attempt = 0;
    this.#isEnded = false;
    this.#connect();
  }

  /** Nobody looks: free the server's line; resume goes on where it was. */
  rest() {
    this.options.cancel(this.#timer);
    this.#line?.close();
    this.#line = null;
  }

  /** Somebody looks again. */
  resume() {
    if (!this.#isEnded && this.#line === null) this.#connect();
  }

  /** The run is over, or another one is shown. */
  close() {
    this.#isEnded = true;
    this.rest();
  }

  #connect() {
    this.options.cancel(this.#timer);
    const line = new this.options.EventSource(this.options.url(this.#cursor));
    this.#line = line;
    line.onopen = () => this.#line === line && this.options.onConnection("open");
    line.onerror = () => this.#line === line && this.#lose(line);
    for (const type of this.options.types) {
      line.addEventListener(type, (message) => {
        if (this.#line === line) this.#hand(type, /** @type {MessageEvent} */ (message));
      });
    }
  }

  /** @param {string} type @param {MessageEvent} message */
  #hand(type, message) {
    if (message.lastEventId) this.#cursor = message.lastEventId;
    this.#attempt = 0;
    this.options.onEvent({ type, data: JSON.parse(message.data || "{}") });
  }

  /** @param {EventSource} line */
  #lose(line) {
    const isRefused = line.readyState === 2;
    if (isRefused) {
      this.#line = null;
      this.#timer = this.options.later(() => this.#connect(), reopenDelay(this.#attempt, this.options.random()));
      this.#attempt += 1;
    }
    this.options.onConnection(isRefused ? "refused" : "waiting");
  }
}
