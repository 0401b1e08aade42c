/** How the network learns and how far it has come: settings, progress, curves. */

import { createEpochProgressView } from "../../../views/images/epoch-progress.js";
import { createLearningChoicesView } from "../../../views/images/learning-choices.js";
import { createPlotChoicesView } from "../../../views/images/plot-choices.js";
import { createMetricPlotView } from "../../../views/metric-plot.js";
import { epochProgressData, imagePlotData, learningData, plotChoicesData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createTrainingRoom({ root, store, onIntent }) {
  const learning = createLearningChoicesView(root, { onIntent });
  const progress = createEpochProgressView(root);
  const choices = createPlotChoicesView(root, { onIntent });
  const curve = createMetricPlotView(root, { onIntent });
  return {
    acts: {
      plot: ({ name, value }) => store.set({ training: { ...store.get().training, [name]: value } }),
      time_travel: () => undefined,
    },
    render(state) {
      learning.render(learningData(state));
      progress.render(epochProgressData(state));
      choices.render(plotChoicesData(state));
      curve.render(imagePlotData(state));
    },
  };
}
