/** Light or dark, which palette, and the colours that go with them, read from the style sheet so that they are written once. */

import { paletteNames } from "../core/color.js";

/**
 * @typedef {{ink: string, second: string, line: string, training: string, test: string, bad: string, pins: string[]}} PlotColors
 */

/**
 * @typedef {object} Palette
 * @property {string} name one of paletteNames
 * @property {string} scheme "light" or "dark"
 * @property {import("../core/color.js").DivergingColors} diverging
 * @property {readonly string[]} classes colours of three classes and more
 * @property {PlotColors} plot
 * @property {{ink: string, second: string, line: string, card: string, accent: string, test: string}} curve
 */

/**
 * @param {HTMLElement} root the html element
 * @param {string | null} chosen "light" or "dark"; null follows the system
 * @param {string | null} wanted name of a palette; null for the page's own
 * @returns {Palette}
 */
export function applyScheme(root, chosen, wanted = null) {
  const name = paletteNames.find((each) => each === wanted) ?? paletteNames[0];
  if (chosen) root.dataset.theme = chosen;
  root.dataset.palette = name;
  const styles = getComputedStyle(root);
  const read = (/** @type {string} */ property) => styles.getPropertyValue(property).trim();
  const shared = { ink: read("--ink"), second: read("--second-ink"), line: read("--line"), test: read("--test") };
  return {
    name,
    scheme: read("--scheme"),
    diverging: {
      negative: read("--negative"),
      neutral: read("--neutral"),
      positive: read("--positive"),
      isHatched: read("--hatch") === "lines",
    },
    classes: [0, 1, 2, 3, 4, 5].map((index) => read(`--class-${index}`)),
    plot: {
      ...shared,
      training: read("--training"),
      bad: read("--bad"),
      pins: [0, 1, 2, 3].map((place) => read(`--pin-${place}`)),
    },
    curve: { ...shared, card: read("--card"), accent: read("--accent") },
  };
}

/**
 * @param {() => void} onChange the system went light or dark
 */
export function watchSystemScheme(onChange) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
}
