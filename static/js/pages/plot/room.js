/** The curve of the losses. */

import { createMetricPlotView } from "../../views/metric-plot.js";
import { metricPlotData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createPlotRoom({ root, onIntent }) {
  const metricPlot = createMetricPlotView(root, { onIntent });
  return { render: (state) => metricPlot.render(metricPlotData(state)) };
}
