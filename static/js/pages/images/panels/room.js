/** The tabs below the network: one panel at a time. */

import { createPanelTabsView } from "../../../views/panel-tabs.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createPanelsRoom({ root, store, onIntent }) {
  const tabs = createPanelTabsView(root, { onIntent });
  return {
    acts: { panel: ({ name }) => store.set({ panel: name }) },
    render: ({ panel }) => tabs.render({ panel }),
  };
}
