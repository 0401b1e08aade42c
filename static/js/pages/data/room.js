/** What the network learns from. */

import { createDatasetPickerView } from "../../views/dataset-picker.js";
import { createSampleSession } from "./sample-session.js";
import { datasetPickerData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createDataRoom({ root, store, api, onIntent }) {
  const datasetPicker = createDatasetPickerView(root, { onIntent });
  const samples = createSampleSession({ api, store });
  return {
    follow: () => samples.follow(),
    render: (state) => datasetPicker.render(datasetPickerData(state)),
  };
}
