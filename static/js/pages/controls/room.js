/** How the network learns: sliders and choices. */

import { createSpecControlsView } from "../../views/spec-controls.js";
import { specControlsData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createControlsRoom({ root, onIntent }) {
  const specControls = createSpecControlsView(root, { onIntent });
  return { render: (state) => specControls.render(specControlsData(state)) };
}
