import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { countWeights } from "../../../../static/js/core/weights.js";
import { createTranslator } from "../../../../static/js/i18n/i18n.js";
import { layerRows } from "../../../../static/js/pages/layers/layer-rows.js";
import { createGradientWatch } from "../../../../static/js/pages/layers/room.js";
import { layersAtFirst } from "../../../../static/js/pages/layers/slice.js";
import { createLayersData } from "../../../../static/js/pages/layers/view-data.js";
import { weightParts } from "../../../../static/js/state/hidden-layers.js";
import { makeSpec } from "../../builders.js";

const english = JSON.parse(readFileSync(new URL("../../../../static/locales/en.json", import.meta.url), "utf8"));
const translator = createTranslator("en", english);
const datasets = [
  { name: "circle", title: "", problem: "classification", samples: 500 },
  { name: "blobs", title: "", problem: "classification", samples: 500, classes: 3, limits: { classes: [2, 6] } },
  { name: "plane", title: "", problem: "regression", samples: 500 },
];
const mixed = makeSpec({
  dataset: { ...makeSpec().dataset, name: "blobs" },
  layers: /** @type {any} */ ([
    { kind: "dense", units: 4, activation: "relu" },
    { kind: "batch_normalization" },
    { kind: "dropout", rate: 0.2 },
    { kind: "dense", units: 5, activation: "tanh" },
  ]),
});

test("the table has a row for each layer, as Keras' summary has", () => {
  const rows = layerRows(datasets, mixed, translator);
  assert.deepEqual(
    rows.map(({ layer, kind, shape, activation, parameters, trainable }) => [
      layer,
      kind,
      shape,
      activation,
      parameters,
      trainable,
    ]),
    [
      [0, "Dense", "(None, 4)", "ReLU", 12, 12],
      [1, "Batch normalization", "(None, 4)", "", 16, 8],
      [2, "Dropout 20%", "(None, 4)", "", 0, 0],
      [3, "Dense", "(None, 5)", "Tanh", 25, 25],
      [4, "Dense", "(None, 3)", translator.orElse("activation.softmax", "softmax"), 18, 18],
    ],
  );
});

test("the parameters add up to the weights of the model", () => {
  const sum = layerRows(datasets, mixed, translator).reduce((total, { parameters }) => total + parameters, 0);
  assert.equal(sum, countWeights(weightParts(mixed, 3)));
});

test("the final layer is that of the problem", () => {
  const final = (/** @type {string} */ name) =>
    layerRows(datasets, makeSpec({ dataset: { ...makeSpec().dataset, name } }), translator).at(-1);
  assert.deepEqual([final("circle")?.activation, final("circle")?.units], [translator.t("activation.sigmoid"), 1]);
  assert.deepEqual([final("plane")?.activation, final("plane")?.units], [translator.t("activation.linear"), 1]);
});

/** @param {number[]} kernel @param {number[]} bias */
const layer = (kernel, bias) => ({
  inputs: kernel.length / bias.length,
  units: bias.length,
  kernel: Float32Array.from(kernel),
  bias: Float32Array.from(bias),
  normalization: null,
});
const reluSpec = makeSpec({ layers: [{ kind: "dense", units: 2, activation: "relu" }] });
const picture = { runId: "r1", spec: reluSpec, layers: [layer([1, -2, 0.5, 0.1], [0, 0]), layer([0.2, 1], [0])] };

/** @param {Record<string, any>} change */
function makeState(change = {}) {
  const run = { runId: "r1", spec: reluSpec, status: "running", gradients: null, controls: null };
  const inside = { isWatching: true };
  return /** @type {any} */ ({ translator, palette: {}, datasets, spec: reluSpec, picture, run, inside, ...change });
}

/** @param {(number | null)[]} norms @param {number} dead */
function withGradients(norms, dead = 0) {
  const layers = norms.map((gradient_norm, index) => ({
    name: "",
    layer: index,
    gradient_norm,
    update_ratio: 0.001,
    dead_units: index === 0 ? dead : 0,
    units: index === 0 ? 2 : 1,
    histogram: null,
  }));
  return makeState({ run: { ...makeState().run, gradients: { epoch: 1, step: 1, layers } } });
}
/** @param {any} state */
const sentence = (state) => createLayersData()(state).sentence;

test("until the gradients are watched, a hint says how", () => {
  assert.equal(sentence(makeState({ inside: layersAtFirst })), english["layers.hint"]);
  assert.equal(sentence(makeState()), english["layers.watch.waiting"]);
  assert.equal(sentence(makeState({ run: { ...makeState().run, status: "stopped" } })), english["layers.watch.ended"]);
});

test("gradients are put into words", () => {
  assert.equal(sentence(withGradients([0.1, 0.2])), english["layers.finding.fine"]);
  assert.match(sentence(withGradients([1e-5, 0.0982])), /the first layer learns 10,000 times slower than the last/);
  assert.equal(sentence(withGradients([0, 0.1])), english["layers.finding.cut_off"]);
  assert.match(sentence(withGradients([2500, 0.1])), /Exploding gradients: a gradient has the length 2,500/);
  assert.match(sentence(withGradients([null, 0.1])), /Exploding gradients: a gradient has the length ∞/);
  assert.match(sentence(withGradients([0.1, 0.1], 1)), /Dead ReLU units: 1 of 2 in Hidden layer 1/);
});

test("weights that a penalty pulled to nothing come before everything else", () => {
  const collapsed = { ...picture, layers: [layer([0.01, 0, 0, 0], [0, 0]), layer([0, 0.002], [0.4])] };
  const spec = { ...reluSpec, regularization: { l1: 0, l2: 0.3 } };
  const data = createLayersData()(makeState({ picture: collapsed, spec }));
  assert.deepEqual([data.sentenceKind, data.sentence], ["collapsed", english["layers.collapsed"]]);
});

test("the borders of the histograms hold all weights and do not fidget", () => {
  const dataOf = createLayersData();
  assert.equal(dataOf(makeState()).limit, 2);
  const smaller = { ...picture, layers: [layer([1, -0.9, 0.5, 0.1], [0, 0]), layer([0.2, 1], [0])] };
  assert.equal(dataOf(makeState({ picture: smaller })).limit, 2);
  assert.equal(dataOf(makeState({ picture: { ...smaller, runId: "r2" } })).limit, 1);
});

test("weights of a network of another shape are not shown", () => {
  const data = createLayersData()(makeState({ spec: makeSpec() }));
  assert.deepEqual([data.weights, data.gradients, data.rows.length], [null, null, 3]);
});

/** A session that notes what it is asked. */
function makeWatch() {
  /** @type {boolean[]} */
  const asked = [];
  const session = /** @type {any} */ ({ set: (/** @type {any} */ { gradients }) => asked.push(gradients) });
  return { asked, follow: createGradientWatch(session) };
}
/** @param {Record<string, any>} change */
const watched = (change = {}) => makeState({ panel: "layers", isCreating: false, ...change });

test("gradients are asked for once, while the tab is open and the switch is on", () => {
  const { asked, follow } = makeWatch();
  follow(watched({ inside: layersAtFirst }));
  for (const _again of [1, 2, 3]) follow(watched());
  follow(watched({ panel: "code" }));
  follow(watched({ panel: "code" }));
  follow(watched());
  follow(watched({ inside: layersAtFirst }));
  assert.deepEqual(asked, [true, false, true, false]);
});

test("a new run is asked anew, one that ended is not asked at all", () => {
  const { asked, follow } = makeWatch();
  const { run } = makeState();
  follow(watched());
  follow(watched({ isCreating: true }));
  follow(watched({ run: { ...run, status: "finished" } }));
  assert.deepEqual(asked, [true]);
  follow(watched({ run: { ...run, runId: "r2" } }));
  assert.deepEqual(asked, [true, true]);
});

test("a run that still tells its gradients after a reload is told to stop", () => {
  const { asked, follow } = makeWatch();
  const run = { ...makeState().run, controls: { gradients: true } };
  follow(watched({ run, inside: layersAtFirst }));
  assert.deepEqual(asked, [false]);
});
