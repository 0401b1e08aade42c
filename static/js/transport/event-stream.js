/** A line to one run: hands over its events, survives cuts, rests while nobody looks, asks again and again where none can stay open. */

const firstDelayMs = 2000;
const longestDelayMs = 60_000;

/** A tab without a place for an open line asks this often what is new. */
const askAgainMs = 250;

/** A place is leased anew well before its lease runs out. */
const keepPlaceMs = 1000;

/**
 * @typedef {object} StreamEvent
 * @property {string} type
 * @property {any} data
 */

/**
 * @typedef {object} StreamOptions
 * @property {(cursor: string | null, how: {waits: boolean}) => string} url where to listen, after that cursor; waits: the line stays open
 * @property {import("./stream-places.js").StreamPlaces} places for open lines
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
  #isResting = false;
  /** @type {unknown} */
  #timer = null;
  /** @type {unknown} */
  #placeTimer = null;
  /** @type {Map<string, string>} newest of what has no number: whoever asks again gets it again */
  #newest = new Map();

  /** @param {StreamOptions} options */
  constructor(options) {
    this.options = options;
  }

  /** @param {string | null} after cursor to go on from */
  open(after) {
    this.#hangUp();
    this.#newest.clear();
    this.#cursor = after;
    this.#attempt = 0;
    this.#isEnded = false;
    if (!this.#isResting) this.#connect();
  }

  /** Nobody looks: free the server's line; resume goes on where it was. */
  rest() {
    this.#isResting = true;
    this.#hangUp();
    this.options.places.giveBack();
  }

  #hangUp() {
    this.options.cancel(this.#timer);
    this.options.cancel(this.#placeTimer);
    this.#timer = null;
    this.#line?.close();
    this.#line = null;
  }

  /** Somebody looks again. */
  resume() {
    this.#isResting = false;
    if (!this.#isEnded && this.#line === null && this.#timer === null) this.#connect();
  }

  /** The run is over, or another one is shown. */
  close() {
    this.#isEnded = true;
    this.#hangUp();
    this.options.places.giveBack();
  }

  #connect() {
    this.#hangUp();
    const waits = this.options.places.take();
    const line = new this.options.EventSource(this.options.url(this.#cursor, { waits }));
    this.#line = line;
    if (waits) this.#keepPlace();
    let isAnswer = false;
    line.onopen = () => {
      if (this.#line !== line) return;
      isAnswer = !waits;
      this.options.onConnection("open");
    };
    line.onerror = () => {
      if (this.#line !== line) return;
      if (isAnswer) this.#askAgain();
      else this.#lose(line);
    };
    for (const type of this.options.types) {
      line.addEventListener(type, (message) => {
        if (this.#line === line) this.#hand(type, /** @type {MessageEvent} */ (message));
      });
    }
  }

  /** The answer has ended, as it should: the next one, or an open line if there is a place by now. */
  #askAgain() {
    this.#hangUp();
    this.#timer = this.options.later(() => this.#connect(), askAgainMs);
  }

  /** Another tab may take the place of one that slept too long: then this one asks instead. */
  #keepPlace() {
    this.#placeTimer = this.options.later(() => {
      if (this.options.places.take()) this.#keepPlace();
      else this.#connect();
    }, keepPlaceMs);
  }

  /** @param {string} type @param {MessageEvent} message */
  #hand(type, message) {
    const isNumbered = message.lastEventId && message.lastEventId !== this.#cursor;
    if (!isNumbered && this.#newest.get(type) === message.data) return;
    if (isNumbered) this.#cursor = message.lastEventId;
    else this.#newest.set(type, message.data);
    this.#attempt = 0;
    this.options.onEvent({ type, data: JSON.parse(message.data || "{}") });
  }

  /** @param {EventSource} line */
  #lose(line) {
    const isRefused = line.readyState === 2;
    if (isRefused) {
      this.#hangUp();
      this.options.places.giveBack();
      this.#timer = this.options.later(() => this.#connect(), reopenDelay(this.#attempt, this.options.random()));
      this.#attempt += 1;
    }
    this.options.onConnection(isRefused ? "refused" : "waiting");
  }
}
