/** The runs of this browser: listed, named, opened again, deleted; up to four side by side. */

import { createOutputCopier } from "../../views/pinned-picture.js";
import { createRunComparisonView } from "../../views/run-comparison.js";
import { createRunListView } from "../../views/run-list.js";
import { createRunLookup } from "./run-lookup.js";
import { createPictureTaker } from "./run-pictures.js";
import { runComparisonData, runListData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createRunsRoom(tools) {
  const { root, store, session, onIntent } = tools;
  const { shelf } = session;
  const list = createRunListView(root, { onIntent });
  const comparison = createRunComparisonView(root, { onIntent });
  const lookup = createRunLookup({ store, shelf });
  const pictures = createPictureTaker({ shelf, copy: createOutputCopier(root), now: tools.now });
  return {
    acts: createActs(tools),
    follow(state) {
      shelf.follow(state);
      lookup.follow(state);
    },
    render(state) {
      pictures.follow(state);
      if (state.panel !== "runs") return;
      list.render(runListData(state));
      comparison.render(runComparisonData(state));
    },
  };
}

/** @param {import("../room.js").Tools} tools @returns {Record<string, (intent: any) => void>} */
function createActs({ store, session }) {
  const { shelf } = session;
  const presentId = () => store.get().run?.runId ?? "";
  return {
    pin({ runId = presentId() }) {
      shelf.pin(runId);
      if (store.get().runs.isFull) store.set({ panel: "runs" });
    },
    unpin: ({ runId = presentId() }) => shelf.unpin(runId),
    rename_run: ({ runId, name }) => shelf.rename(runId, name),
    delete_runs: ({ runIds }) => shelf.remove(runIds),
    async open_run({ runId }) {
      if (await session.open(runId)) return;
      await shelf.look(runId, { withHistory: false });
      if (store.get().isCreating) await session.begin({ paused: true });
    },
  };
}
