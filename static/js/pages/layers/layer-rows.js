/** The layers of a network as a table: what each one is, what comes out of it, and how many numbers it has. */

import { formatShare } from "../../core/format.js";
import { finalActivation, outputsOf } from "../../state/datasets.js";
import { hiddenLayers } from "../../state/hidden-layers.js";

/**
 * @typedef {object} LayerRow
 * @property {number} layer index among the layers of the spec, the output layer the one after the last
 * @property {string} name
 * @property {string} kind
 * @property {string} shape of what comes out of it, as Keras writes it
 * @property {string} activation "" for none
 * @property {number} units
 * @property {number} parameters
 * @property {number} trainable of them
 * @property {string} formula how the parameters are counted, "" for none
 * @property {number | null} part of the weights it belongs to, by number; null without weights
 * @property {boolean} isNormalization
 * @property {boolean} isRelu
 */

/** @typedef {Pick<LayerRow, "name" | "units" | "part"> & {inputs: number, activation: string}} DenseLayer */

/**
 * @param {DenseLayer} dense
 * @param {number} layer
 * @param {import("../../i18n/i18n.js").Translator} translator
 * @returns {LayerRow}
 */
function denseRow({ name, inputs, units, activation, part }, layer, { t, orElse }) {
  const parameters = (inputs + 1) * units;
  return {
    layer,
    name,
    kind: t("layers.kind.dense"),
    shape: `(None, ${units})`,
    activation: orElse(`activation.${activation}`, activation),
    units,
    parameters,
    trainable: parameters,
    formula: `${inputs} × ${units} + ${units}`,
    part,
    isNormalization: false,
    isRelu: activation === "relu",
  };
}

/** @param {LayerRow} dense the layer before it @param {import("../../i18n/i18n.js").Translator} translator @returns {LayerRow} */
function normalizationRow(dense, { t }) {
  const { units, layer } = dense;
  return {
    ...dense,
    layer: layer + 1,
    kind: t("layers.kind.normalization"),
    activation: "",
    parameters: 4 * units,
    trainable: 2 * units,
    formula: `4 × ${units}`,
    isNormalization: true,
    isRelu: false,
  };
}

/**
 * @param {LayerRow} before
 * @param {number} rate
 * @param {import("../../i18n/i18n.js").Translator} translator
 * @returns {LayerRow}
 */
function dropoutRow(before, rate, { t, language }) {
  return {
    ...before,
    layer: before.layer + 1,
    kind: t("layers.kind.dropout", { share: formatShare(rate, language, 0) }),
    activation: "",
    parameters: 0,
    trainable: 0,
    formula: "",
    part: null,
    isNormalization: false,
    isRelu: false,
  };
}

/**
 * @param {readonly import("../../state/datasets.js").DatasetEntry[]} datasets
 * @param {import("../../state/spec.js").RunSpec} spec
 * @param {import("../../i18n/i18n.js").Translator} translator
 * @returns {LayerRow[]} from the first hidden layer to the output
 */
export function layerRows(datasets, spec, translator) {
  const hidden = hiddenLayers(spec);
  let inputs = spec.features.length;
  const rows = hidden.flatMap(({ units, activation, isNormalized, dropout, index }, part) => {
    const name = translator.t("layers.hidden", { layer: part + 1 });
    const own = [denseRow({ name, inputs, units, activation, part }, index, translator)];
    if (isNormalized) own.push(normalizationRow(own[0], translator));
    if (dropout > 0) own.push(dropoutRow(own[own.length - 1], dropout, translator));
    inputs = units;
    return own;
  });
  const name = translator.t("layers.output");
  const units = outputsOf(datasets, spec.dataset);
  const activation = finalActivation(datasets, spec.dataset);
  const final = denseRow({ name, inputs, units, activation, part: hidden.length }, spec.layers.length, translator);
  return [...rows, final];
}
