/** How the network learns and how far it has come: settings, progress, curves. */

import { earlierRunOf } from "../../../state/earlier-run.js";
import { createEpochProgressView } from "../../../views/images/epoch-progress.js";
import { createLearningChoicesView } from "../../../views/images/learning-choices.js";
import { createPlotChoicesView } from "../../../views/images/plot-choices.js";
import { createMetricPlotView } from "../../../views/metric-plot.js";
import { epochProgressData, imagePlotData, learningData, plotChoicesData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createTrainingRoom({ root, store, api, onIntent }) {
  const learning = createLearningChoicesView(root, { onIntent });
  const progress = createEpochProgressView(root);
  const choices = createPlotChoicesView(root, { onIntent });
  const curve = createMetricPlotView(root, { onIntent });
  const change = (/** @type {Partial<import("./slice.js").TrainingSlice>} */ part) =>
    store.set({ training: { ...store.get().training, ...part } });

  /** @param {boolean} isWanted */
  async function showEarlier(isWanted) {
    change({ showsEarlier: isWanted });
    const { networks, spec, training } = store.get();
    const name = earlierRunOf(networks, spec);
    if (!isWanted || name === null || training.earlier) return;
    try {
      change({ earlier: await api.fetchEarlierRun(name) });
    } catch {
      // A server that does not answer is told elsewhere; the switch can be tried again.
      change({ showsEarlier: false });
    }
  }

  return {
    acts: {
      plot: ({ name, value }) => (name === "showsEarlier" ? showEarlier(value) : change({ [name]: value })),
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
