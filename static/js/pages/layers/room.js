/** What goes on inside: a table of the layers, and how their weights and gradients are spread. */

import { isFinal } from "../../state/selectors.js";
import { createLayerTableView } from "../../views/layer-table.js";
import { createLayersData } from "./view-data.js";

/** @typedef {import("../page-state.js").PageState} PageState */

/**
 * Gradients cost the server a look twice a second: they are asked for only while somebody can see them.
 * @param {import("../room.js").Tools["session"]} session
 * @returns {(state: PageState) => void} called after each change of the state
 */
export function createGradientWatch(session) {
  let asked = { runId: "", isOn: false };
  return ({ run, isCreating, inside, panel }) => {
    if (run === null || isCreating || isFinal(run)) return;
    const isOn = asked.runId === run.runId ? asked.isOn : Boolean(run.controls?.gradients);
    const isWanted = inside.isWatching && panel === "layers";
    if (isWanted === isOn) return;
    asked = { runId: run.runId, isOn: isWanted };
    session.set({ gradients: isWanted });
  };
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createLayersRoom({ root, store, session, onIntent }) {
  const table = createLayerTableView(root, { onIntent });
  const dataOf = createLayersData();
  return {
    acts: { watch_gradients: ({ value }) => store.set({ inside: { ...store.get().inside, isWatching: value } }) },
    follow: createGradientWatch(session),
    render(state) {
      if (state.panel === "layers") table.render(dataOf(state));
    },
  };
}
