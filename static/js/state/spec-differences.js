/** What tells runs apart: the settings in which their specs differ, and nothing else. */

import { hiddenLayers, isDrawable } from "./hidden-layers.js";

/**
 * @typedef {import("./spec.js").RunSpec} RunSpec
 * @typedef {string | number | boolean | null} Plain
 */

/**
 * @typedef {object} Difference
 * @property {string} setting such as "optimizer.learning_rate"
 * @property {Plain[]} values one for each spec; null where a spec does not have the setting
 */

/**
 * Layers as people compare them: one entry for the shape, one for each other thing a layer can have.
 * @param {RunSpec} spec
 * @returns {Record<string, Plain>}
 */
function layerSettings(spec) {
  if (!isDrawable(spec)) return { "layers.kinds": spec.layers.map(({ kind = "dense" }) => kind).join(", ") };
  const hidden = hiddenLayers(spec);
  const isAlike = new Set(hidden.map(({ activation }) => activation)).size === 1;
  const activations = isAlike ? hidden.slice(0, 1) : hidden;
  return {
    "layers.units": hidden.map(({ units }) => units).join("-"),
    "layers.activation": activations.map(({ activation }) => activation).join(", "),
    "layers.dropout": hidden.map(({ dropout }) => dropout).join("-"),
    "layers.normalization": hidden.map(({ isNormalized }) => (isNormalized ? 1 : 0)).join("-"),
  };
}

/**
 * @param {string} path
 * @param {any} value
 * @returns {[string, Plain][]} the leaves of a value; a list is one leaf
 */
function leaves(path, value) {
  if (Array.isArray(value)) return [[path, value.map((each) => JSON.stringify(each).replaceAll('"', "")).join(", ")]];
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(path ? `${path}.${name}` : name, inner));
}

/** What a number of layers does not have in common is said by the units alone. */
const perLayer = Object.freeze(["layers.dropout", "layers.normalization"]);

/** @param {Plain} value */
const isNothing = (value) => value === null || /^[0-]*$/.test(String(value));

/**
 * @param {RunSpec} spec
 * @returns {Map<string, Plain>}
 */
function settingsOf(spec) {
  const { layers: _layers, ...others } = spec;
  return new Map([...leaves("", others), ...Object.entries(layerSettings(spec))]);
}

/**
 * @param {readonly RunSpec[]} specs
 * @returns {Difference[]} one for each setting that is not the same in all of them
 */
export function differences(specs) {
  const all = specs.map(settingsOf);
  const names = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
  return names
    .map((setting) => ({ setting, values: all.map((settings) => settings.get(setting) ?? null) }))
    .filter(({ values }) => values.some((value) => value !== values[0]))
    .filter(({ setting, values }) => !(perLayer.includes(setting) && values.every(isNothing)));
}
