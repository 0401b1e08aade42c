/** How the network learns: sliders and choices. */

import { createLearningSettingsView } from "../../views/learning-settings.js";
import { createSpecControlsView } from "../../views/spec-controls.js";
import { learningSettingsData, specControlsData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createControlsRoom({ root, onIntent }) {
  const specControls = createSpecControlsView(root, { onIntent });
  const settings = createLearningSettingsView(root, { onIntent });
  return {
    render(state) {
      specControls.render(specControlsData(state));
      settings.render(learningSettingsData(state));
    },
  };
}
