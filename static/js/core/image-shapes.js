/** What each layer of a picture network makes of its input: shapes and numbers of weights, as the server works them out. */

/** @typedef {readonly number[]} Shape [height, width, channels] of a picture, or [numbers] of one row */

/**
 * @typedef {object} LayerPlan
 * @property {Shape} inputs
 * @property {Shape} outputs
 * @property {number} weights all numbers of the layer, moving averages included
 */

/** @typedef {{index: number, code: "needs_row" | "needs_picture" | "too_small", window: number, received: Shape}} ShapeProblem index: the final layer has the one after the last */

/** @typedef {{plans: readonly LayerPlan[], weights: number, problem: ShapeProblem | null}} NetworkPlan plans end before a problem; the final layer is the last one */

/** A layer of a spec, of any kind. @typedef {{kind?: string} & Record<string, any>} Layer */

/** Why a layer cannot follow. */
class Misfit extends Error {
  /** @param {ShapeProblem["code"]} code @param {number} window */
  constructor(code, window = 0) {
    super(code);
    this.code = code;
    this.window = window;
  }
}

/** @param {Shape} shape */
const sizeOf = (shape) => shape.reduce((product, side) => product * side, 1);

/** @param {Shape} shape @returns {readonly [number, number, number]} */
function picture(shape) {
  if (shape.length !== 3) throw new Misfit("needs_picture");
  return /** @type {[number, number, number]} */ (shape);
}

/**
 * Rows and columns of the places of a square window, as TensorFlow counts them.
 * @param {Shape} shape
 * @param {{window: number, strides: number, padding?: string}} how
 * @returns {[number, number]}
 */
function places(shape, { window, strides, padding = "valid" }) {
  const [height, width] = picture(shape);
  if (padding === "same") return [Math.ceil(height / strides), Math.ceil(width / strides)];
  if (Math.min(height, width) < window) throw new Misfit("too_small", window);
  return [Math.floor((height - window) / strides) + 1, Math.floor((width - window) / strides) + 1];
}

/** @param {Layer} layer @param {Shape} shape */
function pooled({ pool_size: window = 2, padding }, shape) {
  return { outputs: [...places(shape, { window, strides: window, padding }), shape[2]], weights: 0 };
}

/** @type {Record<string, (layer: Layer, shape: Shape) => {outputs: Shape, weights: number}>} */
const rules = {
  dense({ units }, shape) {
    if (shape.length !== 1) throw new Misfit("needs_row");
    return { outputs: [units], weights: shape[0] * units + units };
  },
  conv2d({ filters, kernel_size: window, strides = 1, padding }, shape) {
    const outputs = [...places(shape, { window, strides, padding }), filters];
    return { outputs, weights: window * window * shape[2] * filters + filters };
  },
  max_pooling2d: pooled,
  average_pooling2d: pooled,
  global_average_pooling2d: (_layer, shape) => ({ outputs: [picture(shape)[2]], weights: 0 }),
  flatten: (_layer, shape) => ({ outputs: [sizeOf(shape)], weights: 0 }),
  dropout: (_layer, shape) => ({ outputs: shape, weights: 0 }),
  batch_normalization: (_layer, shape) => ({ outputs: shape, weights: 4 * shape[shape.length - 1] }),
};

/**
 * @param {readonly Layer[]} layers
 * @param {Shape} sample
 * @param {number} outputs units of the final layer
 * @returns {NetworkPlan}
 */
export function planNetwork(layers, sample, outputs) {
  /** @type {LayerPlan[]} */
  const plans = [];
  let shape = sample;
  let problem = null;
  for (const [index, layer] of [...layers, { kind: "dense", units: outputs }].entries()) {
    try {
      const made = rules[layer.kind ?? "dense"](layer, shape);
      plans.push({ inputs: shape, ...made });
      shape = made.outputs;
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      problem = { index, code: error.code, window: error.window, received: shape };
      break;
    }
  }
  return { plans, weights: plans.reduce((sum, plan) => sum + plan.weights, 0), problem };
}
