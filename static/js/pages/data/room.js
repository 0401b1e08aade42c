/** What the network learns from. */

import { csvName, samplesCsv } from "../../core/csv.js";
import { createDataControlsView } from "../../views/data-controls.js";
import { createDatasetPickerView } from "../../views/dataset-picker.js";
import { downloadText } from "../../views/download.js";
import { createFormulaBoxView } from "../../views/formula-box.js";
import { createPointToolsView } from "../../views/point-tools.js";
import { createFormulaSession } from "./formula-session.js";
import { createSampleSession } from "./sample-session.js";
import { dataControlsData, datasetPickerData, formulaBoxData, pointToolsData } from "./view-data.js";

/** @param {import("../room.js").PageState} state */
function downloadSamples({ samples, spec }) {
  if (samples) downloadText({ name: csvName(spec.dataset), text: samplesCsv(samples), type: "text/csv" });
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createDataRoom({ root, store, api, onIntent, wait }) {
  const datasetPicker = createDatasetPickerView(root, { onIntent });
  const dataControls = createDataControlsView(root, { onIntent });
  const formulaBox = createFormulaBoxView(root, { onIntent });
  const pointTools = createPointToolsView(root, { onIntent });
  const samples = createSampleSession({ api, store });
  const type = createFormulaSession({ api, store, onIntent, wait });
  return {
    acts: { download_data: () => downloadSamples(store.get()), type_formula: type },
    follow: () => samples.follow(),
    render(state) {
      datasetPicker.render(datasetPickerData(state));
      dataControls.render(dataControlsData(state));
      formulaBox.render(formulaBoxData(state));
      pointTools.render(pointToolsData(state));
    },
  };
}
