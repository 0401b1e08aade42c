/** Hidden layers as a link writes them: "8:relu,4:tanh:normalized:dropout0.2", or "none". */

import { choicesOf, meanings } from "./spec-schema.js";

/**
 * @typedef {import("./spec-schema.js").Schema} Schema
 * @typedef {import("./spec.js").LayerSpec} LayerSpec
 */

/** What a part of a layer is called in a link, by its kind in a spec, with the number that may follow. */
const followers = Object.freeze({
  batch_normalization: { word: "normalized", number: "momentum" },
  dropout: { word: "dropout", number: "rate" },
});

/** @param {string} kind @returns {{word: string, number: string} | undefined} */
const followerOf = (kind) => /** @type {Record<string, any>} */ (followers)[kind];

/**
 * @param {Schema} schema
 * @param {string} kind of a layer
 * @returns {Record<string, Schema>} its properties
 */
function propertiesOf(schema, kind) {
  const layers = meanings(schema, schema.properties?.layers).flatMap((node) => meanings(schema, node.items));
  return layers.find(({ properties }) => properties?.kind?.const === kind)?.properties ?? {};
}

/**
 * @param {readonly LayerSpec[]} layers drawable: dense ones, each with what may stand behind it
 * @param {Schema} schema
 * @returns {string}
 */
export function writeLayers(layers, schema) {
  const written = layers.map((/** @type {any} */ layer) => {
    const follower = followerOf(layer.kind);
    if (!follower) return `,${layer.units}:${layer.activation ?? "tanh"}`;
    const number = layer[follower.number];
    const isUsual = layer.kind !== "dropout" && number === propertiesOf(schema, layer.kind)[follower.number]?.default;
    return `:${follower.word}${isUsual || number === undefined ? "" : number}`;
  });
  return written.join("").slice(1) || "none";
}

/**
 * @param {number} value
 * @param {Schema} limits
 * @returns {number}
 */
function within(value, { minimum = -Infinity, maximum = Infinity }) {
  return Math.min(maximum, Math.max(minimum, value));
}

/**
 * @param {string} part such as "dropout0.2"
 * @param {Schema} schema
 * @returns {any} a layer of a spec, or null when the part says nothing known
 */
function readFollower(part, schema) {
  for (const [kind, { word, number }] of Object.entries(followers)) {
    if (!part.startsWith(word)) continue;
    const property = propertiesOf(schema, kind)[number] ?? {};
    const written = part.slice(word.length);
    const value = written === "" ? property.default : Number(written);
    const isOutside = value >= (property.exclusiveMaximum ?? Infinity);
    if (!Number.isFinite(value) || isOutside) return { kind, [number]: property.default };
    return { kind, [number]: within(value, property) };
  }
  return null;
}

/**
 * @param {string} text one layer, such as "8:relu:dropout0.2"
 * @param {Schema} schema
 * @returns {any[]} layers of a spec; none when it does not say how many units
 */
function readLayer(text, schema) {
  const [units, ...parts] = text.split(":").map((part) => part.trim());
  if (units === "" || !Number.isFinite(Number(units))) return [];
  const { units: limits = {}, activation: known = {} } = propertiesOf(schema, "dense");
  const activations = choicesOf(schema, ["layers", "[dense]", "activation"], ["tanh"]);
  const activation = parts.find((part) => activations.includes(part)) ?? known.default ?? activations[0];
  const others = parts.map((part) => readFollower(part, schema)).filter((layer) => layer !== null);
  const behind = Object.keys(followers).flatMap((kind) => others.find((layer) => layer.kind === kind) ?? []);
  const narrow = { ...limits, maximum: limits.plane_maximum ?? limits.maximum };
  const dense = { kind: "dense", units: within(Math.round(Number(units)), narrow), activation };
  return [dense, ...behind.filter((layer) => layer.rate !== 0)];
}

/**
 * @param {string} text
 * @param {Schema} schema
 * @returns {LayerSpec[] | null} as much of it as the server accepts; null when it names no layer at all
 */
export function readLayers(text, schema) {
  if (text === "none" || text === "") return [];
  const most = schema.properties?.layers?.slider?.maximum ?? schema.properties?.layers?.maxItems ?? Infinity;
  const hidden = text.split(",").map((each) => readLayer(each, schema));
  if (hidden.every((layer) => layer.length === 0)) return null;
  /** @type {any[]} */
  const layers = [];
  for (const layer of hidden) if (layers.length + layer.length <= most) layers.push(...layer);
  return layers;
}
