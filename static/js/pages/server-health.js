/** Asks now and then whether the server can keep what it is told: a pupil should know before closing the page. */

import { isFinal } from "../state/selectors.js";

/** How long between two questions. */
const everyMs = 15_000;

/**
 * @typedef {object} ServerHealthOptions
 * @property {Pick<import("../transport/api.js").Api, "fetchHealth">} api
 * @property {{get: () => {run: import("../state/run-reducer.js").Run | null, problems: readonly string[]}, set: (change: {problems: readonly string[]}) => void}} store
 * @property {(act: () => void, delayMs: number) => unknown} later
 * @property {() => boolean} isHidden nobody looks at the page
 */

export class ServerHealth {
  /** @param {ServerHealthOptions} options */
  constructor(options) {
    this.options = options;
  }

  start() {
    this.options.later(() => this.#look().finally(() => this.start()), everyMs);
  }

  /** A server that does not answer, or without workers, is told of elsewhere. */
  async #look() {
    const { api, store, isHidden } = this.options;
    const { run, problems: known } = store.get();
    if (isHidden() || run === null || isFinal(run)) return;
    const { problems } = await api.fetchHealth().catch(() => ({ problems: [] }));
    if (problems.join() !== known.join()) store.set({ problems });
  }
}
