/** A page's session in front of a server that answers when the test says so; time stands still until it is asked. */

import { createMemory } from "../../../static/js/pages/memory.js";
import { controlsOfRun } from "../../../static/js/pages/page-state.js";
import { RunSession } from "../../../static/js/pages/run-session.js";
import { RunShelf } from "../../../static/js/pages/runs/run-shelf.js";
import { runsAtFirst } from "../../../static/js/pages/runs/slice.js";
import { canBeDrawn } from "../../../static/js/state/selectors.js";
import { createStore } from "../../../static/js/state/store.js";
import { ApiError } from "../../../static/js/transport/api.js";
import { makeAnswer, makeColumns, makeSpec } from "../builders.js";

/** A server that answers when the test says so, and remembers what it was asked. */
export class FakeServer {
  /** @type {any[]} */
  created = [];
  /** @type {any[]} */
  controls = [];
  /** @type {string[]} */
  deleted = [];
  /** @type {Map<string, any>} */
  runs = new Map();
  /** @type {Error | null} */
  refusal = null;
  /** @type {Promise<unknown>} */
  gate = Promise.resolve();

  createRun = async (/** @type {any} */ spec, /** @type {any} */ how) => {
    const run_id = `r${this.created.length + 1}`;
    this.created.push({ spec, ...how });
    if (this.refusal) throw this.refusal;
    this.runs.set(run_id, makeAnswer({ run_id, spec, status: how.paused ? "paused" : "running" }));
    await this.gate;
    return { run_id };
  };
  deleteRun = async (/** @type {string} */ runId) => {
    this.deleted.push(runId);
    this.runs.delete(runId);
  };
  fetchRun = async (/** @type {string} */ runId) => this.#found(runId);
  fetchHistory = async (/** @type {string} */ runId) => ({
    ...makeColumns(1, 0),
    cursor: "g-1",
    run: this.#found(runId),
  });
  sendControl = async (/** @type {string} */ runId, /** @type {any} */ control) => {
    this.controls.push({ runId, ...control });
    await this.gate;
    if (this.refusal) throw this.refusal;
    return { version: 1 };
  };

  /** @param {string} runId */
  #found(runId) {
    const run = this.runs.get(runId);
    if (!run) throw new ApiError("There is no such run.", { code: "unknown_run", status: 404 });
    return run;
  }
}

const datasets = [{ name: "circle", title: "Circle", problem: "classification", samples: 500 }];

export const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** Everything is new. */
export function openBench() {
  const server = new FakeServer();
  /** @type {(() => void)[]} */
  const timers = [];
  /** @type {(string | null)[]} */
  const opened = [];
  /** @type {Map<string, string>} */
  const remembered = new Map();
  /** @type {any} */
  const store = createStore(
    /** @type {any} */ ({
      spec: makeSpec(),
      datasets,
      speed: 60,
      run: null,
      isCreating: false,
      trouble: null,
      awaited: null,
      runs: runsAtFirst,
    }),
  );
  const later = (/** @type {() => void} */ act) => timers.push(act);
  const memory = createMemory(() => ({
    getItem: (name) => remembered.get(name) ?? null,
    setItem: (name, value) => void remembered.set(name, value),
  }));
  const shelf = new RunShelf({ api: server, store, memory, later, today: () => 0 });
  const session = new RunSession({
    api: server,
    store,
    stream: { open: (cursor) => opened.push(cursor), close: () => undefined },
    onOpened: () => undefined,
    shelf,
    canShow: ({ spec }) => canBeDrawn(store.get().datasets, spec),
    controlsOf: controlsOfRun,
    later,
    cancel: (timer) => timer && timers.splice(timer - 1, 1, () => undefined),
  });
  return { server, store, session, timers, opened, remembered };
}
