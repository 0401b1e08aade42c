/** All views of the bench, fed from one state. */

import { createAnnouncerView } from "../views/announcer.js";
import { createDatasetPickerView } from "../views/dataset-picker.js";
import { createMetricPlotView } from "../views/metric-plot.js";
import { createNetworkDiagramView } from "../views/network-diagram.js";
import { createNoticeView } from "../views/notice.js";
import { createOutputPictureView } from "../views/output-picture.js";
import { createPageTextView } from "../views/page-text.js";
import { createPreferencesView } from "../views/preferences.js";
import { createRunControlsView } from "../views/run-controls.js";
import { createRunNumbersView } from "../views/run-numbers.js";
import { createSelfCheckView } from "../views/self-check-badge.js";
import { createSpecControlsView } from "../views/spec-controls.js";
import { createUnitCardView } from "../views/unit-card.js";
import * as data from "./view-data.js";

/**
 * @param {HTMLElement} root the html element
 * @param {{onIntent: (intent: any) => void, exportUrl: (runId: string) => string, now: () => number}} options
 */
export function createBenchView(root, { onIntent, exportUrl, now }) {
  const intents = { onIntent };
  const pageText = createPageTextView(root);
  const runControls = createRunControlsView(root, intents);
  const runNumbers = createRunNumbersView(root);
  const specControls = createSpecControlsView(root, intents);
  const datasetPicker = createDatasetPickerView(root, intents);
  const networkDiagram = createNetworkDiagramView(root, { onIntent, now });
  const outputPicture = createOutputPictureView(root, intents);
  const unitCard = createUnitCardView(root);
  const metricPlot = createMetricPlotView(root, intents);
  const selfCheck = createSelfCheckView(root);
  const notice = createNoticeView(root, intents);
  const preferences = createPreferencesView(root, intents);
  const announcer = createAnnouncerView(root, { now });

  return {
    /** @param {import("./page-state.js").PageState} state */
    render(state) {
      const numbers = data.runNumbersData(state);
      pageText.render({ translator: state.translator });
      preferences.render({ translator: state.translator, scheme: state.palette.scheme });
      specControls.render(data.specControlsData(state));
      datasetPicker.render(data.datasetPickerData(state));
      runControls.render(data.runControlsData(state));
      runNumbers.render(numbers);
      networkDiagram.render(data.networkDiagramData(state));
      outputPicture.render(data.outputPictureData(state));
      unitCard.render(data.unitCardData(state));
      metricPlot.render(data.metricPlotData(state));
      selfCheck.render(data.selfCheckData(state, exportUrl));
      notice.render(data.noticeData(state));
      announcer.render(numbers);
    },
    destroy() {
      for (const view of [networkDiagram, outputPicture, metricPlot]) view.destroy();
    },
  };
}
