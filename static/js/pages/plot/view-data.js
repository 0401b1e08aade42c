/** What the curve shows. */

/** @typedef {import("../page-state.js").PageState} PageState */

/** @param {PageState} state */
export function metricPlotData({ translator, run, display, palette }) {
  return {
    translator,
    columns: run?.history ?? emptyColumns,
    isLogarithmic: display.isLogarithmic,
    colors: palette.plot,
  };
}
const emptyColumns = { epoch: [], loss: [], val_loss: [] };
