/** A spec as entries of a link: only what differs from where everybody starts, each value checked when it is read. */

import { examplePoints } from "../core/own-points.js";
import { kindOf, needsPoints } from "./datasets.js";
import { readLayers, writeLayers } from "./layers-link.js";
import { readSwitch } from "./link-entries.js";
import { fieldsOf, valueAt, withValueAt } from "./spec-fields.js";
import { withoutContradictions } from "./spec-repair.js";

/**
 * @typedef {import("./spec.js").RunSpec} RunSpec
 * @typedef {import("./spec-fields.js").Field} Field
 * @typedef {import("./link-entries.js").Entry} Entry
 */

/**
 * @typedef {object} Book what the server publishes about specs
 * @property {RunSpec} start its default spec
 * @property {import("./spec-schema.js").Schema} schema
 * @property {readonly import("./datasets.js").DatasetEntry[]} datasets those the page can draw
 * @property {LayersText} [layersText] how its layers are written, when they are not those of the playground
 */

/**
 * @typedef {object} LayersText
 * @property {(layers: any, schema: import("./spec-schema.js").Schema) => string} write
 * @property {(text: string, schema: import("./spec-schema.js").Schema) => any} read null when it says nothing
 */

/** @type {LayersText} */
const hiddenLayersText = { write: writeLayers, read: readLayers };

/** @typedef {{name: string, given: string, used: string | null}} LinkProblem used: null when it was left out */

const longestText = 200;

/** @type {WeakMap<object, Field[]>} */
const known = new WeakMap();

/** @param {Book} book @returns {Field[]} */
function fieldsIn({ schema }) {
  const fields = known.get(schema) ?? fieldsOf(schema);
  known.set(schema, fields);
  return fields;
}

/**
 * Where a link about a data set starts from: it brings its own number of samples, a line its one input, and data that are
 * nothing but own points an example.
 * @param {Book} book
 * @param {string} name of the data set
 * @returns {RunSpec}
 */
export function startOf({ start, datasets }, name) {
  const samples = datasets.find((entry) => entry.name === name)?.samples ?? start.dataset.samples;
  const features = kindOf(datasets, name) === "curve" ? ["x1"] : start.features;
  const own = needsPoints(datasets, name) ? { points: examplePoints.map((point) => [...point]), classes: 2 } : {};
  return { ...start, features, dataset: { ...start.dataset, name, samples, ...own } };
}

// ---- Values as texts ------------------------------------------------------------------------------------------

/**
 * @param {Field} field
 * @param {any} value
 * @param {Book} book
 * @returns {string}
 */
function write({ kind }, value, { schema, layersText = hiddenLayersText }) {
  if (value === null || value === undefined) return "none";
  if (kind === "layers") return layersText.write(value, schema);
  if (kind === "words") return value.join(",");
  if (kind === "rows") return value.map((/** @type {number[]} */ row) => row.join(",")).join(";") || "none";
  return String(value);
}

/** @param {Field} field @param {string} text */
function readNumber({ kind, limits }, text) {
  const given = Number(text);
  if (text.trim() === "" || !Number.isFinite(given)) return undefined;
  const { minimum, maximum, isOpenBelow, isOpenAbove } = limits;
  const value = Math.min(maximum, Math.max(minimum, kind === "integer" ? Math.round(given) : given));
  const isAtOpenEnd = (isOpenBelow && value === minimum) || (isOpenAbove && value === maximum);
  return isAtOpenEnd ? undefined : value;
}

/** @param {Field} field @param {string} text */
function readRows({ limits, cells }, text) {
  const rows = text.split(";").map((row) => row.split(",").map((cell) => (cell.trim() === "" ? NaN : Number(cell))));
  const isWhole = (/** @type {number[]} */ row) =>
    row.length === cells.length &&
    row.every((cell, place) => cell >= cells[place].minimum && cell <= cells[place].maximum);
  return rows.filter(isWhole).slice(0, limits.maximum);
}

/** @param {Field} field @param {string} text */
function readWords({ words }, text) {
  const chosen = [...new Set(text.split(","))].filter((word) => words.includes(word));
  return chosen.length ? chosen : undefined;
}

/** @type {Record<Field["kind"], (field: Field, text: string, book: Book) => any>} */
const readers = {
  number: readNumber,
  integer: readNumber,
  boolean: (_field, text) => readSwitch(text),
  word: ({ words, name }, text, { datasets }) => {
    const isThere = name !== "dataset" || datasets.some((entry) => entry.name === text);
    // A choice among numbers is written as a word, too.
    return isThere ? words.find((word) => String(word) === text) : undefined;
  },
  words: readWords,
  text: ({ limits }, text) => (text.trim() && text.length <= Math.min(longestText, limits.maximum) ? text : undefined),
  rows: readRows,
  layers: (_field, text, { schema, layersText = hiddenLayersText }) => layersText.read(text, schema) ?? undefined,
};

/**
 * @param {Field} field
 * @param {string} text
 * @param {Book} book
 * @returns {any} the nearest value that is allowed; undefined when the text says nothing of the kind
 */
function read(field, text, book) {
  if (text === "none" && field.isNullable) return null;
  if (text === "none" && field.kind === "rows") return [];
  return readers[field.kind](field, text, book);
}

// ---- Specs as entries -----------------------------------------------------------------------------------------

/** @param {any} one @param {any} other */
const areEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * @param {RunSpec} spec
 * @param {Book} book
 * @returns {Entry[]}
 */
export function writeSpec(spec, book) {
  const start = startOf(book, spec.dataset.name);
  const origin = { ...start, dataset: { ...start.dataset, name: book.start.dataset.name } };
  return fieldsIn(book).flatMap((field) => {
    const group = field.opens ? valueAt(spec, field.opens) : undefined;
    if (field.opens && group === null) {
      return valueAt(origin, field.opens) === null ? [] : [[field.name, "none"]];
    }
    const value = valueAt(spec, field.path);
    const usual = valueAt(origin, field.path);
    const isUsual = areEqual(value, usual === undefined ? field.otherwise : usual);
    const isOpening = field.opens !== null && usual === undefined;
    if (value === undefined || (isUsual && !isOpening)) return [];
    return [[field.name, write(field, value, book)]];
  });
}

/**
 * @param {RunSpec} spec
 * @param {Field} field
 * @param {any} value
 */
function put(spec, { path, opens }, value) {
  if (opens && value === null) return withValueAt(spec, opens, null);
  return withValueAt(spec, path, value);
}

/**
 * @param {RunSpec} spec
 * @param {readonly Field[]} fields
 * @returns {RunSpec} a group that was opened has all its settings
 */
function withWholeGroups(spec, fields) {
  return fields.reduce((whole, { path, otherwise }) => {
    const group = valueAt(whole, path.slice(0, -1));
    return group && valueAt(whole, path) === undefined && otherwise !== null
      ? withValueAt(whole, path, otherwise)
      : whole;
  }, spec);
}

/**
 * @param {readonly Entry[]} entries
 * @param {Book} book
 * @returns {{spec: RunSpec, problems: LinkProblem[], names: string[]}} names: those of entries that are settings of a spec
 */
export function readSpec(entries, book) {
  const given = new Map(entries);
  const fields = fieldsIn(book).filter(({ name }) => given.has(name));
  const values = fields.map((field) => {
    const text = given.get(field.name) ?? "";
    return { field, text, value: field.opens && text === "none" ? null : read(field, text, book) };
  });
  const dataset = values.find(({ field }) => field.name === "dataset")?.value ?? book.start.dataset.name;
  const used = values.filter(({ value }) => value !== undefined);
  const first = used.reduce((spec, { field, value }) => put(spec, field, value), startOf(book, dataset));
  const spec = withoutContradictions(withWholeGroups(first, fieldsIn(book)), book.datasets);
  const problems = values.flatMap(({ field, text, value }) => problemsOf(spec, book, { field, text, value }));
  return { spec, problems, names: fields.map(({ name }) => name) };
}

/**
 * @param {RunSpec} spec as it came out
 * @param {Book} book
 * @param {{field: Field, text: string, value: any}} given
 * @returns {LinkProblem[]}
 */
function problemsOf(spec, book, { field, text, value }) {
  const { name, opens, path } = field;
  if (value === undefined) return [{ name, given: text, used: null }];
  const used = opens && valueAt(spec, opens) === null ? null : valueAt(spec, path);
  const written = write(field, used, book);
  return isSame(text, written) ? [] : [{ name, given: text, used: written }];
}

/** The same value may be written in several ways: 0.50, 1e-3, "4" for "4:tanh". @param {string} one @param {string} other */
function isSame(one, other) {
  const plain = (/** @type {string} */ text) =>
    text.split(",").map((part) => (Number.isFinite(Number(part)) && part !== "" ? String(Number(part)) : part.trim()));
  const usual = (/** @type {string} */ text) =>
    plain(text)
      .join(",")
      .replaceAll(/:tanh\b/g, "");
  return plain(one).join(",") === plain(other).join(",") || usual(one) === usual(other);
}
