/** What a unit does with its sum: for the small curve beside its name. */

/** @type {Record<string, (sum: number) => number>} by name, as Keras defines them */
const formulas = Object.freeze({
  linear: (sum) => sum,
  relu: (sum) => Math.max(0, sum),
  tanh: Math.tanh,
  sigmoid: (sum) => 1 / (1 + Math.exp(-sum)),
  elu: (sum) => (sum > 0 ? sum : Math.expm1(sum)),
  gelu: (sum) => 0.5 * sum * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (sum + 0.044715 * sum ** 3))),
});

const reach = 3;
const steps = 24;

/**
 * @param {string} activation
 * @param {number} sum
 * @returns {number | null} null for one whose answer is not a function of one sum, or that the page does not know
 */
export function activate(activation, sum) {
  return formulas[activation]?.(sum) ?? null;
}

/**
 * The curve of an activation from -3 to 3, from -1.5 to 1.5 in height.
 * @param {string} activation
 * @param {number} width
 * @param {number} height
 * @returns {string} SVG path data, "" when there is no such curve
 */
export function activationPath(activation, width, height) {
  const formula = formulas[activation];
  if (!formula) return "";
  const points = Array.from({ length: steps + 1 }, (_unused, index) => {
    const share = index / steps;
    const value = Math.max(-1.5, Math.min(1.5, formula((share * 2 - 1) * reach)));
    return `${(share * width).toFixed(1)} ${(height / 2 - (value / 3) * height).toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
