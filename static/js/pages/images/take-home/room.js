/** The files of the run that is shown, to take home. */

import { downloadBlob } from "../../../views/download.js";
import { createTakeHomeView } from "../../../views/images/take-home.js";
import { withTaking } from "./changes.js";
import { takeHomeData } from "./view-data.js";

/**
 * Asks for one file and hands it over; a second press while it is being made does nothing.
 * @param {Pick<import("../room.js").Tools, "api" | "store">} tools
 * @param {(file: {name: string, blob: Blob}) => void} handOver
 */
export function createTaking({ api, store }, handOver) {
  const set = (
    /** @type {string} */ runId,
    /** @type {string} */ name,
    /** @type {import("./slice.js").Taking} */ taking,
  ) => {
    // Of a run that is not shown any more nothing is said.
    if (store.get().run?.runId !== runId) return;
    store.set({ takeHome: withTaking(store.get().takeHome, runId, name, taking) });
  };

  return async (/** @type {{name: string}} */ { name }) => {
    const { run, takeHome } = store.get();
    if (run === null || (takeHome.runId === run.runId && takeHome.files[name]?.state === "making")) return;
    const { runId } = run;
    set(runId, name, { state: "making", bytes: null, message: null });
    try {
      const blob = await api.fetchExport(runId, name);
      handOver({ name, blob });
      set(runId, name, { state: "taken", bytes: blob.size, message: null });
    } catch (error) {
      set(runId, name, { state: "failed", bytes: null, message: /** @type {Error} */ (error).message });
    }
  };
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createTakeHomeRoom(tools) {
  const view = createTakeHomeView(tools.root, { onIntent: tools.onIntent });
  return {
    acts: { take_home: createTaking(tools, downloadBlob) },
    render: (state) => view.render(takeHomeData(state)),
  };
}
