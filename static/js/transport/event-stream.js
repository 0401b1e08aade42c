/** A line to one run: hands over its events, survives cuts, rests while nobody looks, asks again and again where none can stay open. */

const firstDelayMs = 5000;
const longestDelayMs = 60_000;

/** A tab without a place for an open line asks this often what is new: other tabs of its browser have the lines. */
const askAgainMs = 250;

/** Where no line stays open, asking has to do for long, and for everybody in the room. */
const askSlowlyMs = 2000;

/** Filters and proxies between browser and server may cut lines that stay open, or hold back what is sent on them. */
const shortLifeMs = 20_000;
const mostMuteLines = 3;

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
 * @property {(connection: "open" | "asking" | "waiting" | "refused") => void} onConnection asking: no line stays open, but asking
 *   works; waiting: the browser comes back by itself; refused: it does not
 * @property {new (url: string) => EventSource} EventSource
 * @property {(act: () => void, delayMs: number) => unknown} later
 * @property {(timer: any) => void} cancel
 * @property {() => number} random 0 to 1
 * @property {() => number} now milliseconds
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
 * this class asks for what is new, until it is time to try an open line again. Lines that were cut soon after they opened,
 * without one event, are given up after three of them: from then on this class only asks.
 */
export class EventStream {
  /** @type {EventSource | null} */
  #line = null;
  /** @type {string | null} */
  #cursor = null;
  #attempt = 0;
  #isEnded = true;
  #isResting = false;
  /** Open lines were refused lately. */
  #isBarred = false;
  /** @type {unknown} */
  #barTimer = null;
  /** Open lines that died young, one after the other, without an event. */
  #muteLines = 0;
  /** @type {number | null} since when the line is open and nothing was heard on it */
  #silentSinceMs = null;
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
    this.#isBarred = false;
    this.options.cancel(this.#barTimer);
    this.#isEnded = false;
    if (!this.#isResting) this.#connect();
  }

  /** Nobody looks: free the server's line; resume goes on where it was. */
  rest() {
    this.#isResting = true;
    this.#hangUp();
    this.options.places.giveBack();
  }

  /** Asking has to do. */
  get #asksOnly() {
    return this.#isBarred || this.#muteLines >= mostMuteLines;
  }

  #hangUp() {
    this.options.cancel(this.#timer);
    this.options.cancel(this.#placeTimer);
    this.#timer = null;
    this.#line?.close();
    this.#line = null;
    this.#silentSinceMs = null;
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
    const waits = !this.#asksOnly && this.options.places.take();
    const line = new this.options.EventSource(this.options.url(this.#cursor, { waits }));
    this.#line = line;
    if (waits) this.#keepPlace();
    let isAnswer = false;
    line.onopen = () => {
      if (this.#line !== line) return;
      isAnswer = !waits;
      if (waits) this.#silentSinceMs = this.options.now();
      this.options.onConnection(this.#asksOnly ? "asking" : "open");
    };
    line.onerror = () => {
      if (this.#line !== line) return;
      if (isAnswer) this.#askAgain();
      else this.#lose(line, waits);
    };
    for (const type of this.options.types) {
      line.addEventListener(type, (message) => {
        if (this.#line !== line) return;
        if (waits) this.#hear();
        this.#hand(type, /** @type {MessageEvent} */ (message));
      });
    }
  }

  /** An open line that carries events is a good one. */
  #hear() {
    this.#attempt = 0;
    this.#muteLines = 0;
    this.#silentSinceMs = null;
  }

  /** The answer has ended, as it should: the next one, or an open line if there is a place by now. */
  #askAgain() {
    this.#hangUp();
    this.#timer = this.options.later(() => this.#connect(), this.#asksOnly ? askSlowlyMs : askAgainMs);
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
    this.options.onEvent({ type, data: JSON.parse(message.data || "{}") });
  }

  /** @param {EventSource} line @param {boolean} waits it was to stay open */
  #lose(line, waits) {
    this.#countMuteLine();
    if (line.readyState === 2) this.#bear(waits);
    else if (this.#asksOnly) this.#giveUpLines();
    else this.options.onConnection("waiting");
  }

  #countMuteLine() {
    if (this.#silentSinceMs === null) return;
    if (this.options.now() - this.#silentSinceMs < shortLifeMs) this.#muteLines += 1;
    this.#silentSinceMs = null;
  }

  /** The browser would open the next line that says nothing. */
  #giveUpLines() {
    this.#askAgain();
    this.options.places.giveBack();
    this.options.onConnection("waiting");
  }

  /** Refused: ask at once, in case that only open lines are; when asking is refused too, later each time. @param {boolean} waits */
  #bear(waits) {
    const { later, random, places, onConnection } = this.options;
    const delayMs = reopenDelay(this.#attempt, random());
    this.#attempt += 1;
    this.#hangUp();
    places.giveBack();
    if (waits) this.#bar(delayMs);
    this.#timer = later(() => this.#connect(), waits ? askSlowlyMs * (0.5 + random()) : delayMs);
    onConnection("refused");
  }

  /** @param {number} delayMs until an open line is tried again */
  #bar(delayMs) {
    this.#isBarred = true;
    this.#barTimer = this.options.later(() => {
      this.#isBarred = false;
    }, delayMs);
  }
}
