/** The run the page shows: made, opened, steered, replaced. Every answer is checked against the newest request. */

import { openRun, reduceRun } from "../state/run-reducer.js";
import { isFinal, livePart } from "../state/selectors.js";
import { ApiError } from "../transport/api.js";

/**
 * @typedef {import("../state/run-reducer.js").Run} Run
 * @typedef {import("../state/run-reducer.js").RunAnswer["spec"]} RunSpec
 */

/**
 * @typedef {object} SessionState what a session reads and sets of a page's state
 * @property {RunSpec} spec
 * @property {number | null} speed
 * @property {Run | null} run
 * @property {boolean} isCreating
 * @property {boolean} isWaiting
 * @property {boolean} isAsking
 * @property {boolean} isAway
 * @property {string | null} awaited
 * @property {ApiError | null} trouble
 */

/**
 * @typedef {object} Shelf where runs go that are no longer shown
 * @property {(runId: string) => void} note a run was made
 * @property {(runId: string) => void} discard nobody will see it
 * @property {(runId: string) => boolean} isOwn it was made in this browser
 * @property {(run: Run) => void} putAway another one is shown
 * @property {(run: Run) => Run} asTrained
 * @property {(run: Run) => Promise<boolean>} makeRoomOf
 */

/**
 * @template {Shelf} KeptShelf
 * @typedef {object} RunSessionOptions
 * @property {Pick<import("../transport/api.js").Api, "createRun" | "fetchRun" | "fetchHistory" | "sendControl">} api
 * @property {{get: () => SessionState, set: (change: Partial<SessionState>) => void}} store
 * @property {Pick<import("../transport/event-stream.js").EventStream, "open" | "close">} stream
 * @property {(run: Run) => void} onOpened a run the page did not show before
 * @property {KeptShelf} shelf
 * @property {(run: Run) => boolean} canShow whether this page can draw a run that was made elsewhere
 * @property {(run: Run) => object} controlsOf what the page's controls show of a run that is opened
 * @property {(act: () => void, delayMs: number) => any} later
 * @property {(timer: any) => void} cancel
 */

/** A slider that moves asks once, when it has come to rest. */
const restMs = 220;

/** A server that does not answer is asked again after this time. */
const awayMs = 3000;

/** Not reached at all, or not by the proxy before it. */
const awayStatuses = [0, 502, 504];

/**
 * What a living run can be told: as the page has it now.
 * @param {SessionState} state
 * @returns {Record<string, unknown>}
 */
function steering({ spec, speed }) {
  return { ...livePart(spec), speed };
}

/**
 * A server that hears of too many failures from one school says so instead of 404: runs that are there are still answered.
 * @param {unknown} error
 * @returns {boolean} there is no such run
 */
function isGone(error) {
  return error instanceof ApiError && (error.status === 404 || error.status === 429);
}

/**
 * Starts runs and keeps to one of them.
 * @template {Shelf} [KeptShelf=Shelf]
 */
export class RunSession {
  #newestRequest = 0;
  /** @type {any} set while a change of the spec waits to become a run */
  #timer = null;
  /** @type {"run" | "step" | null} what to do once the run that is on its way is there */
  #wish = null;
  /** @type {Record<string, unknown> | null} */
  #waitingSet = null;
  /** @type {Map<string, {runId: string, edit: Record<string, any>}>} the newest value of each number that is set by hand */
  #waitingEdits = new Map();
  #isSending = false;
  /** The newest settings became no run: the one that is shown is of older ones. */
  #isRefused = false;

  /** @param {RunSessionOptions<KeptShelf>} options */
  constructor({ api, store, stream, onOpened, shelf, canShow, controlsOf, later, cancel }) {
    this.api = api;
    this.store = store;
    this.stream = stream;
    this.onOpened = onOpened;
    this.shelf = shelf;
    this.canShow = canShow;
    this.controlsOf = controlsOf;
    this.later = later;
    this.cancel = cancel;
  }

  /**
   * Replaces the run by a new one of the spec as it stands.
   * @param {{paused: boolean}} how
   */
  async begin({ paused }) {
    this.#newestRequest += 1;
    const request = this.#newestRequest;
    const last = this.store.get().run;
    const created = steering(this.store.get());
    this.#forgetChange();
    this.stream.close();
    this.store.set({ isCreating: true, trouble: null, isWaiting: false, isAway: false, awaited: null });
    try {
      const { run_id } = await this.#create(paused, last);
      this.shelf.note(run_id);
      if (request === this.#newestRequest) await this.#follow(run_id, request);
      if (request !== this.#newestRequest) this.shelf.discard(run_id);
      else if (last) this.shelf.putAway(last);
      if (request === this.#newestRequest) this.#catchUp(created);
    } catch (error) {
      if (request !== this.#newestRequest) return;
      this.#isRefused = true;
      this.#complainAndTryAgain(error, paused);
    }
  }

  /** What waited to become a run becomes this one, or none. */
  #forgetChange() {
    this.cancel(this.#timer);
    this.#timer = null;
    this.#isRefused = false;
  }

  /** A server that does not answer may be starting again: then the page heals by itself. @param {unknown} error @param {boolean} paused */
  #complainAndTryAgain(error, paused) {
    this.#complain(error);
    const isAway = error instanceof ApiError && awayStatuses.includes(error.status);
    if (isAway) this.#timer = this.later(() => this.begin({ paused }), awayMs);
  }

  /**
   * Shows a run that exists, and its settings.
   * @param {string} runId
   * @returns {Promise<boolean>} false when there is no such run any more, or none that this page can draw
   */
  async open(runId) {
    this.#newestRequest += 1;
    const request = this.#newestRequest;
    try {
      const found = await this.#lookUp(runId);
      // Whoever asked for something else meanwhile gets that.
      if (request !== this.#newestRequest) return true;
      if (!this.canShow(found.run)) return false;
      this.#replaceBy(found);
    } catch (error) {
      if (request !== this.#newestRequest) return true;
      if (isGone(error) || !(error instanceof ApiError)) return false;
      this.#openLater(runId, error);
    }
    return true;
  }

  /** Only the server itself can say that there is no such run: until it answers, the page waits for it. @param {string} runId @param {ApiError} error */
  #openLater(runId, error) {
    this.store.set({ awaited: runId, isAway: true });
    this.#complain(error);
    this.cancel(this.#timer);
    this.#timer = this.later(() => this.#openAgain(runId), awayMs);
  }

  /** @param {string} runId */
  async #openAgain(runId) {
    if (!(await this.open(runId))) await this.begin({ paused: true });
  }

  /** @param {{run: Run, cursor: string | null}} found */
  #replaceBy({ run, cursor }) {
    const last = this.store.get().run;
    this.#forgetChange();
    this.#wish = null;
    this.#waitingSet = null;
    this.store.set({ ...this.controlsOf(this.shelf.asTrained(run)), trouble: null, isAway: false, awaited: null });
    this.#show(run, cursor);
    if (last && last.runId !== run.runId) this.shelf.putAway(last);
  }

  /** The spec changed in a way a living run cannot follow: a new run, once the changes come to rest. */
  replaceSoon() {
    this.cancel(this.#timer);
    this.#timer = this.later(() => this.begin({ paused: true }), restMs);
  }

  /** The settings that are shown can be no run: the last one waits, and nothing is made until they can. */
  hold() {
    this.#newestRequest += 1;
    this.#forgetChange();
    this.#isRefused = true;
    this.#wish = null;
    const { run } = this.store.get();
    if (run?.status === "running" && this.shelf.isOwn(run.runId)) this.pause();
    this.store.set({ isCreating: false, trouble: null });
  }

  /** The settings that are shown are those of the run that is shown, once more. */
  unhold() {
    this.#isRefused = false;
  }

  /** The run that is shown is none of the settings that are shown, or nothing more happens to it. @param {Run | null} run */
  #needsRun(run) {
    return this.#timer !== null || this.#isRefused || run === null || isFinal(run);
  }

  async run() {
    const { run, isCreating, awaited } = this.store.get();
    if (awaited !== null) await this.reset();
    else if (this.#timer !== null || (!isCreating && this.#needsRun(run))) await this.begin({ paused: false });
    else if (isCreating) this.#wish = "run";
    else await this.#resume();
  }

  async pause() {
    this.#wish = null;
    this.#presume("paused");
    await this.#control({ action: "pause" });
  }

  async step() {
    const { run, isCreating, awaited } = this.store.get();
    if (awaited !== null) {
      await this.reset();
      return;
    }
    const needsRun = this.#needsRun(run);
    if (isCreating || needsRun) this.#wish = "step";
    if (needsRun && !isCreating) await this.begin({ paused: true });
    if (isCreating || needsRun) return;
    if (run?.status === "running") await this.pause();
    await this.#control({ action: "step", epochs: 1 });
  }

  /** Back to the beginning, with the same first weights; or once more to the run that could not be reached. */
  async reset() {
    const { awaited } = this.store.get();
    if (awaited !== null) await this.#openAgain(awaited);
    else await this.begin({ paused: true });
  }

  /**
   * Steers the living run; while one answer is awaited, only the newest value of each counts.
   * @param {Record<string, unknown>} changes learning_rate, l1, l2, speed
   */
  async set(changes) {
    const { run, isCreating } = this.store.get();
    if (run === null || isFinal(run) || isCreating) return;
    this.#waitingSet = { ...this.#waitingSet, ...changes };
    await this.#sendWaiting();
  }

  /**
   * Sets one weight or one bias by hand; while one answer is awaited, only the newest value of each number counts.
   * @param {Record<string, any>} edit `{weight: {layer, row, unit, value}}` or `{bias: {layer, unit, value}}`
   */
  async edit(edit) {
    const { run, isCreating } = this.store.get();
    if (run === null || isFinal(run) || isCreating) return;
    const { value: _value, ...place } = edit.weight ?? edit.bias;
    this.#waitingEdits.set(JSON.stringify(place), { runId: run.runId, edit });
    await this.#sendWaiting();
  }

  async #sendWaiting() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let asked = this.#takeWaiting(); asked; asked = this.#takeWaiting()) {
      await this.#control({ action: "set", ...asked });
    }
    this.#isSending = false;
  }

  /** @returns {Record<string, unknown> | null} what is to be sent next; an edit of a run that was replaced is forgotten */
  #takeWaiting() {
    const asked = this.#waitingSet;
    this.#waitingSet = null;
    if (asked) return asked;
    for (const [key, { runId, edit }] of this.#waitingEdits) {
      this.#waitingEdits.delete(key);
      if (runId === this.store.get().run?.runId) return edit;
    }
    return null;
  }

  /** @param {import("../transport/event-stream.js").StreamEvent} streamEvent */
  receive(streamEvent) {
    const { run } = this.store.get();
    if (!run) return;
    if (streamEvent.type === "gap" || streamEvent.type === "reset") {
      this.#follow(run.runId, this.#newestRequest).catch((error) => this.#doWithout(run, error));
      return;
    }
    if (streamEvent.type === "closed") {
      this.#lose(run, "run_deleted");
      return;
    }
    const next = reduceRun(run, /** @type {any} */ (streamEvent));
    if (next !== run) this.store.set({ run: next });
    if (isFinal(next)) this.stream.close();
  }

  /** @param {"open" | "asking" | "waiting" | "refused"} connection of the stream */
  hear(connection) {
    if (connection === "open" || connection === "asking") {
      const { trouble } = this.store.get();
      const isOver = { isWaiting: false, isAway: false, trouble: trouble?.status === 0 ? null : trouble };
      this.store.set({ ...isOver, isAsking: connection === "asking" });
    } else if (connection === "waiting") this.store.set({ isWaiting: true, isAway: true });
    // While asking works, an open line that is refused once more is no news.
    else if (!this.store.get().isAsking) this.store.set({ isWaiting: true });
    if (connection === "refused") this.#lookAgain();
  }

  /** The stream was refused: perhaps all lines are taken, then asking keeps the page up to date; perhaps the run is gone. */
  async #lookAgain() {
    const { run } = this.store.get();
    if (!run) return;
    const request = this.#newestRequest;
    try {
      const found = await this.#lookUp(run.runId);
      if (request === this.#newestRequest)
        this.store.set({ run: { ...found.run, frame: run.frame, gradients: run.gradients }, isAway: false });
    } catch (error) {
      if (!(error instanceof ApiError) || request !== this.#newestRequest) return;
      if (isGone(error)) this.#lose(run);
      else this.store.set({ isWaiting: true, isAway: true });
    }
  }

  /** @param {Run} run that was shown when a question about it failed @param {unknown} error */
  #doWithout(run, error) {
    if (this.store.get().run?.runId !== run.runId) return;
    if (isGone(error)) this.#lose(run);
    else this.#complain(error);
  }

  /** The server has this run no more: it is over, and Run makes a new one of the same settings. @param {Run} run */
  #lose(run, reasonCode = "run_gone") {
    this.stream.close();
    const ended = { ...run, status: /** @type {const} */ ("stopped"), reasonCode };
    this.store.set({ run: ended, isWaiting: false, isAway: false });
  }

  /** @param {unknown} error */
  #complain(error) {
    const trouble = error instanceof ApiError ? error : new ApiError(String(error), { code: "fault", status: -1 });
    this.store.set({ isCreating: false, trouble });
  }

  /**
   * A full server may have room once our own last run gives its place back.
   * @param {boolean} paused
   * @param {Run | null} last
   */
  async #create(paused, last) {
    const { spec, speed } = this.store.get();
    try {
      return await this.api.createRun(spec, { paused, speed });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 503 || !last) throw error;
      if (!(await this.shelf.makeRoomOf(last))) throw error;
      return this.api.createRun(spec, { paused, speed });
    }
  }

  /** What was moved or pressed while the run was on its way. @param {Record<string, unknown>} created */
  #catchUp(created) {
    const now = steering(this.store.get());
    if (JSON.stringify(now) !== JSON.stringify(created)) this.set(now);
    const wish = this.#wish;
    this.#wish = null;
    if (wish === "run") this.#resume();
    if (wish === "step") this.#control({ action: "step", epochs: 1 });
  }

  /** @param {string} runId @returns {Promise<{run: Run, cursor: string | null}>} */
  async #lookUp(runId) {
    const history = await this.api.fetchHistory(runId);
    const answer = history.run ?? (await this.api.fetchRun(runId));
    return { run: openRun(answer, history), cursor: history.cursor };
  }

  /** @param {string} runId @param {number} request */
  async #follow(runId, request) {
    const { run, cursor } = await this.#lookUp(runId);
    if (request === this.#newestRequest) this.#show(run, cursor);
  }

  /** @param {Run} run @param {string | null} cursor */
  #show(run, cursor) {
    const isOther = this.store.get().run?.runId !== run.runId;
    this.store.set({ run, isCreating: false });
    if (isFinal(run)) this.stream.close();
    else this.stream.open(cursor);
    if (isOther) this.onOpened(run);
  }

  /** @param {Record<string, unknown>} asked */
  async #control(asked) {
    const { run } = this.store.get();
    if (!run) return;
    try {
      await this.api.sendControl(run.runId, asked);
    } catch (error) {
      if (this.store.get().run?.runId !== run.runId) return;
      if (error instanceof ApiError && error.status === 409)
        await this.#follow(run.runId, this.#newestRequest).catch((cause) => this.#doWithout(run, cause));
      else this.#doWithout(run, error);
    }
  }

  /** The button answers at once; the server's next status has the last word. @param {"running" | "paused"} status */
  #presume(status) {
    const { run } = this.store.get();
    if (run && run.status !== "queued") this.store.set({ run: { ...run, status } });
  }

  async #resume() {
    this.#presume("running");
    await this.#control({ action: "resume" });
  }
}
