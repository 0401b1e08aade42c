/** Light or dark, and the colours that go with it, read from the style sheet so that they are written once. */

/**
 * @typedef {object} Palette
 * @property {string} scheme "light" or "dark"
 * @property {import("../core/color.js").DivergingColors} diverging
 * @property {{ink: string, second: string, line: string, training: string, test: string}} plot
 */

/**
 * @param {HTMLElement} root the html element
 * @param {string | null} chosen "light" or "dark"; null follows the system
 * @returns {Palette}
 */
export function applyScheme(root, chosen) {
  if (chosen) root.dataset.theme = chosen;
  const styles = getComputedStyle(root);
  const read = (/** @type {string} */ name) => styles.getPropertyValue(name).trim();
  return {
    scheme: read("--scheme"),
    diverging: { negative: read("--negative"), neutral: read("--neutral"), positive: read("--positive") },
    plot: {
      ink: read("--ink"),
      second: read("--second-ink"),
      line: read("--line"),
      training: read("--training"),
      test: read("--test"),
    },
  };
}

/**
 * @param {() => void} onChange the system went light or dark
 */
export function watchSystemScheme(onChange) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
}
