/** The runs of pictures this browser made: the one that is replaced is stopped, and deleted when it never trained. */

import { isFinal } from "../../state/selectors.js";
import { recallIds } from "../memory.js";

/**
 * @typedef {import("../../state/run-reducer.js").Run} Run
 * @typedef {object} ImageShelfOptions
 * @property {Pick<import("../../transport/api.js").Api, "deleteRun" | "sendControl">} api
 * @property {import("../memory.js").Memory} memory
 * @property {(act: () => void, delayMs: number) => any} later
 */

/** A run that goes, goes a little later: its model may still be on its way. */
const discardMs = 3000;

/** A run that was told to stop has given its place back after this time. */
const stoppingMs = 500;

/** Runs whose ids are remembered: older ones may no longer be steered from here. */
const mostOwn = 50;

export class ImageShelf {
  /** @param {ImageShelfOptions} options */
  constructor({ api, memory, later }) {
    this.api = api;
    this.memory = memory;
    this.later = later;
  }

  /** @param {string} runId @returns {boolean} it was made in this browser */
  isOwn(runId) {
    return recallIds(this.memory, "image-runs").includes(runId);
  }

  /** @param {string} runId */
  note(runId) {
    const ids = [...recallIds(this.memory, "image-runs"), runId];
    this.memory.keep("image-runs", JSON.stringify(ids.slice(-mostOwn)));
  }

  /** @param {string} runId */
  discard(runId) {
    const ids = recallIds(this.memory, "image-runs").filter((id) => id !== runId);
    this.memory.keep("image-runs", JSON.stringify(ids));
    this.later(() => this.#ask(this.api.deleteRun(runId)), discardMs);
  }

  /** @param {Run} run */
  putAway(run) {
    if (!this.isOwn(run.runId)) return;
    if (run.epoch === 0) this.discard(run.runId);
    else if (!isFinal(run)) this.#ask(this.api.sendControl(run.runId, { action: "stop" }));
  }

  /** @param {Run} run @returns {Run} */
  asTrained(run) {
    return run;
  }

  /** The server is full. @param {Run} run @returns {Promise<boolean>} whether there may be room now */
  async makeRoomOf(run) {
    if (!this.isOwn(run.runId) || isFinal(run)) return false;
    await this.#ask(this.api.sendControl(run.runId, { action: "stop" }));
    await new Promise((/** @type {(done?: any) => void} */ done) => this.later(done, stoppingMs));
    return true;
  }

  /** A run that is gone already is no trouble. @param {Promise<unknown>} asked */
  async #ask(asked) {
    await asked.catch(() => undefined);
  }
}
