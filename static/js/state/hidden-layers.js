/**
 * The hidden layers as people see them: a dense layer with, perhaps, a normalization and a dropout behind it. A spec lists
 * the three as layers of their own.
 */

/** @typedef {import("./spec.js").RunSpec} RunSpec */

/**
 * @typedef {object} HiddenLayer
 * @property {number} units
 * @property {string} activation
 * @property {boolean} isNormalized a batch normalization follows
 * @property {number} dropout rate, 0 for none
 * @property {number} index of the dense layer in the layers of the spec: what a control that sets a weight names
 * @property {Record<string, any>} specs the layers it was read from, by kind, with fields the page does not know
 */

/** @param {{kind?: string}} layer one that names no kind is dense */
const kindOf = ({ kind = "dense" }) => kind;

/** What may stand behind a dense layer, in this order. */
const followers = Object.freeze(["batch_normalization", "dropout"]);

/**
 * @param {Pick<RunSpec, "layers">} spec
 * @returns {boolean} its layers are hidden layers as the page draws them
 */
export function isDrawable({ layers }) {
  const ranks = layers.map((layer) => [...followers, "dense"].indexOf(kindOf(layer)));
  return ranks.every((rank, index) => {
    const before = index === 0 ? -1 : ranks[index - 1];
    return rank === 2 || (rank >= 0 && index > 0 && (before === 2 || before < rank));
  });
}

/**
 * @param {Pick<RunSpec, "layers">} spec drawable
 * @returns {HiddenLayer[]}
 */
export function hiddenLayers({ layers }) {
  /** @type {HiddenLayer[]} */
  const hidden = [];
  layers.forEach((/** @type {any} */ layer, index) => {
    const kind = kindOf(layer);
    if (kind === "dense") hidden.push(readDense(layer, index));
    const last = hidden[hidden.length - 1];
    last.specs[kind] = layer;
    if (kind === "dropout") last.dropout = layer.rate;
    if (kind === "batch_normalization") last.isNormalized = true;
  });
  return hidden;
}

/** @param {{units: number, activation?: string}} layer @param {number} index @returns {HiddenLayer} */
function readDense({ units, activation = "tanh" }, index) {
  return { units, activation, isNormalized: false, dropout: 0, index, specs: {} };
}

/**
 * @param {RunSpec} spec
 * @param {readonly (Omit<HiddenLayer, "index" | "specs"> & {specs?: Record<string, any>})[]} hidden
 * @returns {RunSpec}
 */
export function withHiddenLayers(spec, hidden) {
  /** @type {any[]} */
  const layers = hidden.flatMap(({ units, activation, isNormalized, dropout, specs = {} }) => [
    { kind: "dense", ...specs.dense, units, activation },
    ...(isNormalized ? [{ kind: "batch_normalization", ...specs.batch_normalization }] : []),
    ...(dropout > 0 ? [{ kind: "dropout", ...specs.dropout, rate: dropout }] : []),
  ]);
  return { ...spec, layers };
}

/**
 * @param {Pick<RunSpec, "features" | "layers">} spec
 * @param {number} outputs units of the final layer
 * @returns {import("../core/weights.js").WeightPart[]} where the numbers of each dense layer are, the final one last
 */
export function weightParts(spec, outputs) {
  const hidden = hiddenLayers(spec);
  const all = [...hidden, { units: outputs, isNormalized: false }];
  return all.map(({ units, isNormalized }, layer) => ({
    inputs: layer === 0 ? spec.features.length : hidden[layer - 1].units,
    units,
    isNormalized,
  }));
}
