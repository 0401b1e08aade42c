/** The runs of this browser: remembered, put away when another is shown, pinned, renamed, deleted. */

import {
  freePin,
  makeRoom,
  readKeptRuns,
  tidyName,
  withChange,
  withNewestRates,
  withoutRun,
  withRun,
  writeKeptRuns,
} from "../../state/kept-runs.js";
import { openRun } from "../../state/run-reducer.js";
import { isFinal, livePart } from "../../state/selectors.js";
import { ApiError } from "../../transport/api.js";
import { readPictures, withoutStrays } from "./run-pictures.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../state/run-reducer.js").Run} Run
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 */

/**
 * @typedef {object} RunShelfOptions
 * @property {Pick<import("../../transport/api.js").Api, "deleteRun" | "fetchRun" | "fetchHistory" | "sendControl">} api
 * @property {import("../../state/store.js").Store<PageState>} store
 * @property {import("../memory.js").Memory} memory
 * @property {(act: () => void, delayMs: number) => any} later
 * @property {() => number} today milliseconds since 1970
 */

/** A run that goes, goes a little later: its model may still be on its way to the pictures. */
const discardMs = 3000;

/** A run that was told to stop has written its last numbers after this time; a busy server may need it more than once. */
const stoppingMs = 500;
const looksAtEnd = 5;

/** @param {Run} run */
function hasTrained({ epoch, history }) {
  return epoch > 0 || history.epoch.length > 0;
}

/** @param {Run} run @returns {import("../../state/kept-runs.js").Rates} those it is trained with now */
function ratesOf({ spec, controls }) {
  const { learning_rate, l1, l2 } = controls ?? livePart(spec);
  return { learning_rate, l1, l2 };
}

export class RunShelf {
  /** How far the run that is shown had come. */
  #followed = { runId: "", epoch: 0 };
  /** The memory did not keep what it was given: it is full, or this browser forbids it. */
  #isForgetful = false;

  /** @param {RunShelfOptions} options */
  constructor({ api, store, memory, later, today }) {
    this.api = api;
    this.store = store;
    this.memory = memory;
    this.later = later;
    this.today = today;
    const kept = readKeptRuns(memory.recall("runs")) ?? [];
    this.#set({ kept, pictures: withoutStrays(readPictures(memory.recall("run-pictures")), kept) });
  }

  /** @param {string} runId @returns {KeptRun | undefined} */
  find(runId) {
    return this.store.get().runs.kept.find((run) => run.runId === runId);
  }

  /**
   * Nothing more happens to a run that has ended, so sliders that were moved after its last epoch say nothing of it.
   * @param {Run} run
   * @returns {Run} with the rates its newest epoch was trained with
   */
  asTrained(run) {
    const rates = this.find(run.runId)?.rates.at(-1);
    return isFinal(run) && run.controls && rates ? { ...run, controls: { ...run.controls, ...rates } } : run;
  }

  /** A run was made here. @param {string} runId */
  note(runId) {
    this.#change((kept) => withRun(kept, runId, { madeAt: this.today(), isOwn: true }));
  }

  /** @param {string} runId @returns {boolean} it was made in this browser */
  isOwn(runId) {
    return this.find(runId)?.isOwn ?? false;
  }

  /** Called after each change of the state: a run that has begun to learn is worth keeping. @param {PageState} state */
  follow({ run }) {
    if (!run || !hasTrained(run)) return;
    const isLonger = run.runId === this.#followed.runId && run.epoch > this.#followed.epoch;
    if (!isLonger && run.runId === this.#followed.runId) return;
    const isFirst = run.runId !== this.#followed.runId;
    this.#followed = { runId: run.runId, epoch: run.epoch };
    const known = this.find(run.runId);
    if (!known || (isFirst && known.rates.length)) return;
    const rates = withNewestRates(known.rates, ratesOf(run));
    if (known.isTrained && rates === known.rates) return;
    this.#change((kept) => withChange(kept, run.runId, { isTrained: true, rates }));
  }

  /** A run that nobody will see: it was replaced before it was there. @param {string} runId */
  discard(runId) {
    this.#change((kept) => withoutRun(kept, runId));
    this.later(() => this.#delete(runId), discardMs);
  }

  /**
   * Another run is shown from now on. What was trained or pinned is kept, but goes on no longer; what was never trained goes.
   * @param {Run} run
   */
  putAway(run) {
    const known = this.find(run.runId);
    if (!known) return;
    if (hasTrained(run) || known.pin !== null) this.#keep(run, known);
    else if (known.isOwn) this.discard(run.runId);
  }

  /**
   * The server is full: the place of the run that is to be replaced is needed at once.
   * @param {Run} run
   * @returns {Promise<boolean>} whether there may be room now
   */
  async makeRoomOf(run) {
    const known = this.find(run.runId);
    if (!known?.isOwn || isFinal(run)) return false;
    if (!hasTrained(run) && known.pin === null) {
      await this.#delete(run.runId);
      return true;
    }
    await this.#stop(run.runId);
    await new Promise((/** @type {(done?: any) => void} */ done) => this.later(done, stoppingMs));
    return true;
  }

  /** @param {string} runId */
  pin(runId) {
    const pin = freePin(this.#newest());
    if (pin === null) this.#set({ isFull: true });
    else this.#change((kept) => withChange(withRun(kept, runId, { madeAt: this.today() }), runId, { pin }));
  }

  /** What was pinned before it was trained, and is not shown, is worth nothing without its pin. @param {string} runId */
  unpin(runId) {
    const isPresent = this.store.get().run?.runId === runId;
    if (!isPresent && !this.find(runId)?.isTrained) this.remove([runId]);
    else this.#change((kept) => withChange(kept, runId, { pin: null }));
  }

  /** @param {string} runId @param {string} name */
  rename(runId, name) {
    this.#change((kept) => withChange(kept, runId, { name: tidyName(name) }));
  }

  /** @param {readonly string[]} runIds */
  remove(runIds) {
    const own = runIds.filter((runId) => this.find(runId)?.isOwn);
    this.#change((kept) => kept.filter(({ runId }) => !runIds.includes(runId)));
    for (const runId of own) this.#delete(runId);
  }

  /** @param {string} runId @param {string} picture data address */
  putPicture(runId, picture) {
    const { kept, pictures } = this.store.get().runs;
    const all = withoutStrays({ ...pictures, [runId]: picture }, kept);
    this.#set({ pictures: all });
    this.memory.keep("run-pictures", JSON.stringify(all));
  }

  /**
   * Asks the server what a run did. A run that it does not have any more is forgotten.
   * @param {string} runId
   * @param {{withHistory: boolean}} how
   */
  async look(runId, { withHistory }) {
    try {
      const history = withHistory ? await this.api.fetchHistory(runId) : { epoch: [] };
      const answer = history.run ?? (await this.api.fetchRun(runId));
      this.#know({ ...openRun(answer, history), frame: null });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.#change((kept) => withoutRun(kept, runId));
    }
  }

  /** @param {Run} run @param {KeptRun} known */
  #keep(run, { runId, isOwn, pin }) {
    this.#know({ ...run, frame: null });
    if (!isOwn || isFinal(run)) return;
    this.#stop(runId);
    this.#lookUntilEnded(runId, { withHistory: pin !== null }, looksAtEnd);
  }

  /** @param {string} runId @param {{withHistory: boolean}} how @param {number} looks left */
  #lookUntilEnded(runId, how, looks) {
    this.later(async () => {
      await this.look(runId, how);
      const run = this.store.get().runs.others[runId];
      if (run && !isFinal(run) && looks > 1) this.#lookUntilEnded(runId, how, looks - 1);
    }, stoppingMs);
  }

  /** @param {Run} run */
  #know(run) {
    this.#set({ others: { ...this.store.get().runs.others, [run.runId]: run } });
  }

  /** @param {(kept: readonly KeptRun[]) => readonly KeptRun[]} change */
  #change(change) {
    const { runs, run } = this.store.get();
    const { kept, dropped } = makeRoom(change(this.#newest()), run?.runId ?? null);
    const text = writeKeptRuns(kept);
    this.memory.keep("runs", text);
    this.#isForgetful = this.memory.recall("runs") !== text;
    this.#set({ kept, others: withoutStrays(runs.others, kept), isFull: false });
    for (const runId of dropped) this.#delete(runId);
  }

  /** Another tab may have changed the memory. @returns {readonly KeptRun[]} */
  #newest() {
    const { kept } = this.store.get().runs;
    return (this.#isForgetful ? null : readKeptRuns(this.memory.recall("runs"))) ?? kept;
  }

  /** @param {Partial<PageState["runs"]>} change */
  #set(change) {
    this.store.set({ runs: { ...this.store.get().runs, ...change } });
  }

  /** @param {string} runId */
  async #stop(runId) {
    await this.api.sendControl(runId, { action: "stop" }).catch(() => undefined);
  }

  /** @param {string} runId */
  async #delete(runId) {
    await this.api.deleteRun(runId).catch(() => undefined);
  }
}
