/** Layers of a picture network as a link writes them: "conv16:same,maxpool2,flatten,dense64:relu,dropout0.2", or "none". */

import { meanings } from "./spec-schema.js";

/**
 * @typedef {import("./spec-schema.js").Schema} Schema
 * @typedef {import("./image-spec.js").ImageLayer} ImageLayer
 */

/**
 * A word for each kind, the number that follows it, and the letters of its other numbers.
 * @type {Readonly<Record<string, {word: string, main?: string, letters?: Record<string, string>}>>}
 */
const words = Object.freeze({
  conv2d: { word: "conv", main: "filters", letters: { k: "kernel_size", s: "strides" } },
  max_pooling2d: { word: "maxpool", main: "pool_size" },
  average_pooling2d: { word: "avgpool", main: "pool_size" },
  global_average_pooling2d: { word: "globalavg" },
  flatten: { word: "flatten" },
  batch_normalization: { word: "normalized", main: "momentum" },
  dropout: { word: "dropout", main: "rate" },
  dense: { word: "dense", main: "units" },
});

/**
 * @param {Schema} schema
 * @param {string} kind
 * @returns {Record<string, Schema>} properties of such a layer
 */
function propertiesOf(schema, kind) {
  const layers = meanings(schema, schema.properties?.layers).flatMap((node) => meanings(schema, node.items));
  return layers.find(({ properties }) => properties?.kind?.const === kind)?.properties ?? {};
}

/**
 * @param {ImageLayer} layer
 * @param {Schema} schema
 * @returns {string}
 */
function writeLayer(layer, schema) {
  const { kind = "dense" } = layer;
  const { word, main = "", letters = {} } = words[kind];
  const properties = propertiesOf(schema, kind);
  const letterOf = Object.fromEntries(Object.entries(letters).map(([letter, name]) => [name, letter]));
  const isSaid = (/** @type {string} */ name) => layer[name] !== undefined && layer[name] !== properties[name]?.default;
  const others = Object.keys(properties).filter((name) => name !== "kind" && name !== main && isSaid(name));
  return [`${word}${layer[main] ?? ""}`, ...others.map((name) => `${letterOf[name] ?? ""}${layer[name]}`)].join(":");
}

/**
 * @param {readonly ImageLayer[]} layers
 * @param {Schema} schema
 * @returns {string}
 */
export function writeImageLayers(layers, schema) {
  return layers.map((layer) => writeLayer(layer, schema)).join(",") || "none";
}

/**
 * @param {string} text
 * @param {Schema | undefined} property
 * @returns {number | undefined} the nearest number that is allowed
 */
function readNumber(text, property) {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || !property) return undefined;
  const { type, minimum = -Infinity, maximum = Infinity, exclusiveMaximum = Infinity } = property;
  if (value >= exclusiveMaximum) return undefined;
  return Math.min(maximum, Math.max(minimum, type === "integer" ? Math.round(value) : value));
}

/**
 * @param {string} part such as "k5", "same" or "relu"
 * @param {Record<string, Schema>} properties
 * @param {Record<string, string>} letters
 * @returns {[string, unknown][]} the field and its value
 */
function readPart(part, properties, letters) {
  const word = Object.entries(properties).find(([, { enum: allowed = [] }]) => allowed.includes(part));
  if (word) return [[word[0], part]];
  const name = letters[part[0]];
  const value = name ? readNumber(part.slice(1), properties[name]) : undefined;
  return value === undefined ? [] : [[name, value]];
}

/**
 * @param {string} text one layer
 * @param {Schema} schema
 * @returns {ImageLayer[]} none when it is of no kind that is known
 */
function readLayer(text, schema) {
  const [head, ...parts] = text.split(":").map((part) => part.trim());
  const found = Object.entries(words).find(([, { word }]) => new RegExp(`^${word}[0-9.]*$`).test(head));
  if (!found) return [];
  const [kind, { word, main, letters = {} }] = found;
  const properties = propertiesOf(schema, kind);
  const usual = Object.entries(properties).filter(([name]) => name !== "kind");
  const number = main ? readNumber(head.slice(word.length), properties[main]) : undefined;
  const layer = Object.fromEntries(usual.map(([name, property]) => [name, property.default]));
  Object.assign(layer, Object.fromEntries(parts.flatMap((part) => readPart(part, properties, letters))));
  return [{ kind, ...layer, ...(main && number !== undefined ? { [main]: number } : {}) }];
}

/**
 * @param {string} text
 * @param {Schema} schema
 * @returns {ImageLayer[] | null} as much of it as the server accepts; null when it names no layer at all
 */
export function readImageLayers(text, schema) {
  if (text === "none" || text === "") return [];
  const layers = text.split(",").flatMap((each) => readLayer(each, schema));
  return layers.length ? layers.slice(0, schema.properties?.layers?.maxItems ?? layers.length) : null;
}
