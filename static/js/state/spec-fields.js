/**
 * The settings of a spec as a flat list with short names, read from the server's schema: a setting the server learns is in
 * links at once.
 */

import { meanings } from "./spec-schema.js";

/** @typedef {import("./spec-schema.js").Schema} Schema */

/**
 * @typedef {"number" | "integer" | "boolean" | "word" | "words" | "text" | "rows" | "layers"} FieldKind
 * words: a list of words; rows: a list of lists of numbers
 */

/**
 * @typedef {object} Field
 * @property {string} name in a link
 * @property {string[]} path in a spec
 * @property {FieldKind} kind
 * @property {boolean} isNullable
 * @property {string[] | null} opens the group that is null unless this setting is made, such as early stopping by its metric
 * @property {any} otherwise the value where the spec is silent
 * @property {{minimum: number, maximum: number, isOpenBelow: boolean, isOpenAbove: boolean}} limits of a number; else of a length
 * @property {string[]} words
 * @property {{minimum: number, maximum: number}[]} cells limits of the numbers of a row
 */

/** Names that say more alone than the last word of their path. @type {Record<string, string>} */
const names = {
  "dataset.name": "dataset",
  "dataset.seed": "data_seed",
  "optimizer.name": "optimizer",
  "optimizer.schedule.name": "schedule",
  "early_stopping.metric": "early_stopping",
  "dataset.images.collection": "images",
  "base.name": "base",
};

/** Groups whose settings are understood without the group's name. */
const obvious = Object.freeze(["", "dataset", "optimizer", "regularization"]);

/** @param {string[]} path */
function nameOf(path) {
  const group = path.slice(0, -1);
  const last = path[path.length - 1];
  const prefix = obvious.includes(group.join(".")) ? "" : `${group[group.length - 1]}_`;
  return names[path.join(".")] ?? prefix + last;
}

/**
 * @param {readonly Schema[]} nodes every schema that describes the setting
 * @param {string} name
 * @returns {FieldKind | "group"}
 */
function kindOf(nodes, name) {
  if (name === "layers") return "layers";
  if (nodes.some(({ properties }) => properties)) return "group";
  if (nodes.some((node) => node.enum || node.const !== undefined)) return "word";
  const list = nodes.find(({ items, prefixItems }) => items || prefixItems);
  if (list) return list.items?.enum ? "words" : "rows";
  const type = nodes.map((node) => node.type).find((each) => each && each !== "null");
  return type === "integer" || type === "number" || type === "boolean" ? type : "text";
}

/** @param {readonly Schema[]} nodes */
function limitsOf(nodes) {
  const find = (/** @type {string[]} */ ...keys) =>
    nodes.flatMap((node) => keys.map((key) => node[key])).find((value) => typeof value === "number");
  return {
    minimum: find("minimum", "exclusiveMinimum", "minItems") ?? -Infinity,
    maximum: find("maximum", "exclusiveMaximum", "maxItems", "maxLength") ?? Infinity,
    isOpenBelow: find("exclusiveMinimum") !== undefined,
    isOpenAbove: find("exclusiveMaximum") !== undefined,
  };
}

/**
 * @param {Schema} root
 * @param {readonly Schema[]} nodes that describe a group
 * @param {string[]} path
 * @returns {Field[]}
 */
function fieldsInside(root, nodes, path) {
  const properties = Object.assign({}, ...nodes.map((node) => node.properties ?? {}));
  return Object.entries(properties).flatMap(([name, property]) => {
    const here = [...path, name];
    const found = meanings(root, /** @type {Schema} */ (property));
    const kind = kindOf(found, name);
    if (kind === "group") return fieldsInside(root, found, here);
    const opensGroup = nodes.some(({ type }) => type === "null") && nameOf(here) === path[path.length - 1];
    return {
      name: nameOf(here),
      path: here,
      kind,
      isNullable: found.some(({ type }) => type === "null"),
      opens: opensGroup ? path : null,
      otherwise: /** @type {Schema} */ (property).default ?? null,
      limits: limitsOf(found),
      words: found.flatMap((node) => node.enum ?? node.items?.enum ?? []),
      cells: found.flatMap((node) => node.items?.prefixItems ?? []).map((cell) => limitsOf([cell])),
    };
  });
}

/**
 * @param {Schema} schema of a spec
 * @returns {Field[]} in the order of the schema
 */
export function fieldsOf(schema) {
  return fieldsInside(schema, meanings(schema, schema), []);
}

/**
 * @param {any} spec
 * @param {readonly string[]} path
 * @returns {any} undefined inside a group that is null
 */
export function valueAt(spec, path) {
  return path.reduce((value, name) => value?.[name], spec);
}

/**
 * @template Spec
 * @param {Spec} spec
 * @param {readonly string[]} path
 * @param {any} value
 * @returns {Spec}
 */
export function withValueAt(spec, [name, ...rest], value) {
  const own = /** @type {any} */ (spec);
  return { ...own, [name]: rest.length ? withValueAt(own?.[name] ?? {}, rest, value) : value };
}
