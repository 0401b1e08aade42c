/** What the builder shows: ready-made networks, blocks, one row for each layer. */

import { blocksOf } from "../../../core/block-sizes.js";
import { formatCount, formatRate } from "../../../core/format.js";
import { memoizeLast } from "../../../core/memoize.js";
import { shapeOf } from "../../../state/image-datasets.js";
import { layerKinds } from "../../../state/image-spec.js";
import { choicesOf, fullLimitsOf } from "../../../state/spec-schema.js";
import { planOfState } from "../obstacle.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("../../../views/images/layer-list.js").LayerRow} LayerRow
 * @typedef {import("../../../views/images/layer-list.js").LayerField} LayerField
 * @typedef {import("../../../core/image-shapes.js").Shape} Shape
 */

/** Fields of each kind, in the order in which they are read. Numbers are typed where there are many. @type {Record<string, readonly string[]>} */
const fieldsOf = {
  conv2d: ["filters", "kernel_size", "strides", "padding", "activation"],
  max_pooling2d: ["pool_size", "padding"],
  average_pooling2d: ["pool_size", "padding"],
  dropout: ["rate"],
  dense: ["units", "activation"],
};
const typed = Object.freeze(["filters", "units", "rate"]);

/** @param {Shape} shape */
export const writeShape = (shape) => shape.join(" × ");

/** @param {ImagesState["translator"]} translator @param {string} name @param {unknown} value */
function writeChoice({ orElse, language }, name, value) {
  if (name === "activation") return orElse(`activation.${value}`, String(value));
  if (typeof value !== "number") return orElse(`images.padding.${value}`, String(value));
  const text = formatRate(value, language);
  return name === "strides" ? text : `${text} × ${text}`;
}

/**
 * @param {ImagesState} state
 * @param {import("../../../state/image-spec.js").ImageLayer} layer
 * @returns {LayerField[]}
 */
function fieldsIn({ translator, book }, layer) {
  const { kind = "dense" } = layer;
  return (fieldsOf[kind] ?? []).map((name) => {
    const path = ["layers", `[${kind}]`, name];
    const limits = fullLimitsOf(book.schema, path, { minimum: 0, maximum: 1024, step: name === "rate" ? 0.05 : 1 });
    const range = Array.from({ length: limits.maximum - limits.minimum + 1 }, (_, index) => limits.minimum + index);
    const words = choicesOf(book.schema, path, []);
    const choices = typed.includes(name) ? [] : words.length ? words : range;
    return {
      name,
      label: translator.t(`images.field.${name}`),
      value: layer[name],
      limits,
      choices: choices.map((value) => ({ value: String(value), text: writeChoice(translator, name, value) })),
    };
  });
}

/**
 * @param {import("../../../core/image-shapes.js").ShapeProblem} problem
 * @param {number} layers
 * @param {ImagesState["translator"]} translator
 */
function problemText({ index, code, window, received }, layers, { t }) {
  const key = index === layers ? `images.problem.${code}.end` : `images.problem.${code}`;
  return t(key, { shape: writeShape(received), window, count: received[0] });
}

const rowsOf = memoizeLast(
  (
    /** @type {ImagesState["spec"]} */ spec,
    /** @type {ImagesState["datasets"]} */ datasets,
    /** @type {ImagesState["translator"]} */ translator,
    /** @type {ImagesState["book"]} */ book,
  ) => {
    const { plans, problem } = planOfState(datasets, spec);
    const state = /** @type {any} */ ({ translator, book });
    return spec.layers.map((layer, place) => {
      const plan = plans[place];
      const { kind = "dense" } = layer;
      return {
        kind,
        title: translator.t(`images.layer.${kind}`),
        fields: fieldsIn(state, layer),
        shape: plan ? writeShape(plan.outputs) : "–",
        weights: plan ? formatCount(plan.weights, translator.language) : "–",
        problem: problem?.index === place ? problemText(problem, spec.layers.length, translator) : "",
      };
    });
  },
);

/** @param {ImagesState} state */
export function layerListData({ spec, datasets, translator, book }) {
  return { translator, rows: rowsOf(spec, datasets, translator, book), base: spec.base ?? null };
}

const blocks = memoizeLast((/** @type {Shape} */ sample, /** @type {any} */ plan) => blocksOf(sample, plan.plans));

/** @param {ImagesState} state */
export function blocksData({ spec, datasets, translator }) {
  const sample = shapeOf(datasets, spec);
  return { translator, blocks: blocks(sample, planOfState(datasets, spec)) };
}

/** @param {ImagesState} state */
export function builderHeadData({ spec, datasets, translator, book }) {
  const { weights, problem } = planOfState(datasets, spec);
  const { t, language } = translator;
  const isAtEnd = problem?.index === spec.layers.length;
  return {
    total: problem ? "–" : t("images.weights", { count: formatCount(weights, language), amount: weights }),
    problem: problem && isAtEnd ? problemText(problem, spec.layers.length, translator) : "",
    kinds: layerKinds,
    isFull: spec.layers.length >= (book.schema.properties?.layers?.maxItems ?? 32),
    translator,
  };
}

const ladder = memoizeLast(
  (/** @type {ImagesState["networks"]} */ networks, /** @type {ImagesState["translator"]} */ { orElse }) =>
    networks.map(({ name }) => ({
      name,
      title: orElse(`images.network.${name}.title`, name),
      text: orElse(`images.network.${name}.text`, ""),
    })),
);

/** @param {ImagesState} state */
export function ladderData({ networks, networkName, translator }) {
  return {
    networks: ladder(networks, translator),
    chosen: networkName,
    byHand: translator.t("images.network.by_hand"),
  };
}
