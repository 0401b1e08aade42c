/** Keeps the script in step with the settings. */

import { wantedEpochs } from "./view-data.js";

/** A slider that moves asks once, when it has come to rest. */
const restMs = 250;

/**
 * Asks for the script of the newest settings, one question at a time.
 * @param {Pick<import("../room.js").Tools, "api" | "store" | "wait">} tools
 */
export function createScriptSession({ api, store, wait }) {
  let askedFor = "";
  /** @type {number | null} */
  let epochs = null;

  /** @param {string} key */
  async function ask(key) {
    await wait(restMs);
    if (key !== askedFor) return;
    const { spec } = store.get();
    const answer = await api.fetchScript(spec, epochs).then(
      ({ script, notebook }) => ({ script, notebook, problem: "" }),
      (error) => ({ script: "", notebook: null, problem: error.problems?.[0]?.message ?? error.message }),
    );
    if (key === askedFor) store.set({ code: answer });
  }

  return {
    /** Called after each change of the state. */
    follow() {
      const state = store.get();
      if (state.panel !== "code") return;
      epochs = wantedEpochs(state, epochs);
      const key = JSON.stringify([state.spec, epochs]);
      if (key === askedFor) return;
      askedFor = key;
      ask(key);
    },
  };
}
