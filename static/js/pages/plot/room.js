/** The curve of the loss or the accuracy, of this run and of those pinned beside it. */

import { createMetricPlotView } from "../../views/metric-plot.js";
import { createPlotControlsView } from "../../views/metric-plot-controls.js";
import { metricPlotData, plotControlsData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createPlotRoom({ root, store, onIntent }) {
  const controls = createPlotControlsView(root, { onIntent });
  const metricPlot = createMetricPlotView(root, { onIntent });
  return {
    acts: { plot: ({ name, value }) => store.set({ plot: { ...store.get().plot, [name]: value } }) },
    render(state) {
      controls.render(plotControlsData(state));
      metricPlot.render(metricPlotData(state));
    },
  };
}
