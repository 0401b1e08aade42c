/** The curve: axes, two unlike lines, gaps where there is no number, a reading under the cursor, pinned runs behind. */

import Plot from "../../vendor/uplot/uPlot.esm.js";
import { formatCount, formatLoss, formatShare } from "../core/format.js";
import { nearestRow } from "../core/smoothing.js";
import { changedNames, find, make, setText, whenChanged } from "./elements.js";
import { PlotCursor } from "./metric-plot-cursor.js";
import { plotOptions, series } from "./metric-plot-options.js";
import { drawGap, drawMoment, drawPinned } from "./pinned-curves.js";

/**
 * @typedef {import("../core/smoothing.js").Column} Column
 * @typedef {{place: number, letter: string, name: string, epochs: Column, training: Column, test: Column}} PinnedCurve
 */

/**
 * @typedef {object} MetricPlotData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {"loss" | "accuracy"} metric
 * @property {boolean} isLogarithmic
 * @property {boolean} hasLogEpochs
 * @property {boolean} isSmoothed the raw lines are shown too, faint
 * @property {boolean} [hasPoints] each epoch has a point of its own
 * @property {import("./color-scheme.js").PlotColors} colors
 * @property {Column} epochs
 * @property {Column} training
 * @property {Column} test
 * @property {Column} smoothTraining
 * @property {Column} smoothTest
 * @property {readonly PinnedCurve[]} pinned
 * @property {import("../core/smoothing.js").Gap | null} gap
 * @property {number | null} shownEpoch null while the newest moment is shown
 */

/** @typedef {{type: "time_travel", epoch: number}} TravelIntent */

class MetricPlot {
  /** @type {any} */
  #plot = null;
  /** @type {MetricPlotData | null} */
  #shown = null;

  /**
   * @param {ParentNode} root
   * @param {{onIntent: (intent: TravelIntent) => void}} options
   */
  constructor(root, { onIntent }) {
    this.place = find(root, "#plot-canvas", HTMLElement);
    this.readout = find(root, "#plot-readout", HTMLElement);
    this.empty = find(root, "#plot-empty", HTMLElement);
    this.gap = find(root, "#plot-gap", HTMLElement);
    this.legend = find(root, "#plot-legend", HTMLElement);
    this.resized = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
    this.resized.observe(this.place);
    new PlotCursor({
      place: this.place,
      getPlot: () => this.#plot,
      getEpochs: () => this.#shown?.epochs ?? [],
      onTravel: (epoch) => onIntent({ type: "time_travel", epoch }),
    });
    document.fonts.ready.then(() => this.#rebuild());
  }

  /** @param {MetricPlotData} data @param {MetricPlotData | null} before */
  render(data, before) {
    this.#shown = data;
    const changed = changedNames(data, before);
    this.empty.hidden = data.epochs.length > 0 || data.pinned.length > 0;
    if (changed.has("gap", "translator")) this.#renderGap(data);
    if (changed.has("pinned")) this.#renderLegend(data);
    const isOther = changed.has(
      "isLogarithmic",
      "hasLogEpochs",
      "isSmoothed",
      "metric",
      "colors",
      "translator",
      "hasPoints",
    );
    if (isOther || !this.#plot) this.#rebuild();
    else this.#plot.setData(series(data));
  }

  destroy() {
    this.resized.disconnect();
    this.#plot?.destroy();
  }

  #size() {
    return { width: Math.max(this.place.clientWidth, 120), height: Math.max(this.place.clientHeight, 80) };
  }

  #rebuild() {
    if (!this.#shown) return;
    this.#plot?.destroy();
    const newest = () => /** @type {MetricPlotData} */ (this.#shown);
    // The box that uPlot keeps, not the element's width: asking the element would lay the page out at every picture.
    const read = (/** @type {any} */ plot) =>
      this.#read(plot.cursor.idx, plot.cursor.left > plot.bbox.width / window.devicePixelRatio / 2);
    const behind = (/** @type {any} */ plot) => {
      drawGap(plot, newest());
      drawPinned(plot, newest());
    };
    const before = (/** @type {any} */ plot) => drawMoment(plot, newest());
    const hooks = { setCursor: [read], setData: [read], drawAxes: [behind], draw: [before] };
    const options = { ...plotOptions(this.#shown, newest), ...this.#size(), hooks };
    this.#plot = new Plot(options, series(this.#shown), this.place);
  }

  /** @param {MetricPlotData} data */
  #renderGap({ gap, translator: { t, language } }) {
    this.gap.hidden = gap === null;
    if (!gap) return;
    const numbers = { from: formatCount(gap.from, language), to: formatCount(gap.to ?? gap.from, language) };
    setText(this.gap, t(gap.to === null ? "plot.gap" : "plot.gap_until", numbers));
  }

  /** @param {MetricPlotData} data */
  #renderLegend({ pinned }) {
    for (const key of this.legend.querySelectorAll(".curve-key--pinned")) key.remove();
    for (const { letter, name, place } of pinned) {
      const key = make(
        "span",
        { class: "curve-key curve-key--pinned", title: name },
        make("b", {}, letter),
        ` ${name}`,
      );
      key.style.setProperty("--training", `var(--pin-${place})`);
      this.legend.append(key);
    }
  }

  /** @param {number | null | undefined} row under the cursor @param {boolean} isRight the cursor is in the right half */
  #read(row, isRight) {
    const epoch = this.#shown?.epochs[row ?? -1];
    if (!this.#shown || row === null || row === undefined || typeof epoch !== "number") {
      if (this.readout.childElementCount) this.readout.replaceChildren();
      return;
    }
    const lines = this.#linesAt(this.#shown, row, epoch);
    this.readout.dataset.side = isRight ? "left" : "right";
    this.readout.replaceChildren(...lines.map((text) => make("span", {}, text)));
    const { epochs } = this.#shown;
    this.place.setAttribute("aria-valuemin", String(epochs[0] ?? 0));
    this.place.setAttribute("aria-valuemax", String(epochs.at(-1) ?? 0));
    this.place.setAttribute("aria-valuenow", String(epoch));
    this.place.setAttribute("aria-valuetext", lines.join("; "));
  }

  /** @param {MetricPlotData} data @param {number} row @param {number} epoch */
  #linesAt({ metric, translator: { t, language }, training, test, pinned }, row, epoch) {
    const write = metric === "loss" ? formatLoss : formatShare;
    const numbers = {
      epoch: formatCount(epoch, language),
      loss: write(training[row], language),
      val_loss: write(test[row], language),
    };
    const others = pinned
      .filter((curve) => (curve.epochs.at(-1) ?? -1) >= epoch)
      .map((curve) => {
        const at = nearestRow(curve.epochs, epoch);
        const values = { loss: write(curve.training[at], language), val_loss: write(curve.test[at], language) };
        return t("plot.reading_pinned", { letter: curve.letter, ...values });
      });
    return [t("plot.reading", numbers), ...others];
  }
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: TravelIntent) => void}} options
 */
export function createMetricPlotView(root, options) {
  const view = new MetricPlot(root, options);
  const render = whenChanged((/** @type {MetricPlotData} */ data, before) => view.render(data, before));
  return { render, destroy: () => view.destroy() };
}
