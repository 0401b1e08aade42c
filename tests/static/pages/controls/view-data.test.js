import assert from "node:assert/strict";
import { test } from "node:test";
import { learningSettingsData, specControlsData } from "../../../../static/js/pages/controls/view-data.js";
import { offerOf } from "../../../../static/js/state/spec-schema.js";
import { makeSpec } from "../../builders.js";

const datasets = [
  { name: "circle", title: "Circle", problem: "classification", samples: 500, classes: 2 },
  { name: "plane", title: "Plane", problem: "regression", samples: 1200, classes: null },
];
const offer = offerOf({});

/** @param {Record<string, any>} change of the spec */
const stateOf = (change = {}) =>
  /** @type {any} */ ({ spec: makeSpec(change), offer, datasets, penalty: { kind: "none", rate: 0 }, speed: 60 });
const { optimizer, dataset } = makeSpec();

test("a learning rate from a link stands between two steps of the slider", () => {
  const { learningRatePlace } = specControlsData(stateOf({ optimizer: { ...optimizer, learning_rate: 0.05 } }));
  assert.ok(learningRatePlace > 5 && learningRatePlace < 6);
});

test("nothing is said of the drawer while all in it is as usual", () =>
  assert.deepEqual(specControlsData(stateOf()).unusual, []));

test("what is not as usual in the drawer is said outside it", () => {
  const unusual = specControlsData(
    stateOf({
      loss: "mae",
      epochs: 20,
      early_stopping: { metric: "loss" },
      optimizer: { ...optimizer, momentum: 0.9, clip_norm: 2, schedule: { ...optimizer.schedule, name: "step" } },
    }),
  ).unusual.map(({ key }) => key);
  assert.deepEqual(unusual, [
    "loss.mae",
    "unusual.momentum",
    "unusual.step",
    "unusual.clipped",
    "unusual.early_stopping",
    "unusual.epochs",
  ]);
});

test("numbers have neither a cross-entropy nor an accuracy to watch", () => {
  const state = stateOf({ dataset: { ...dataset, name: "plane" } });
  state.offer = { ...offer, learning: { ...offer.learning, stoppingMetrics: ["loss", "accuracy"] } };
  const data = learningSettingsData(state);
  assert.deepEqual([data.losses, data.usedLoss], [["auto", "mse", "mae", "huber"], "mse"]);
  assert.deepEqual(data.stoppingMetrics, ["loss"]);
});

test("only SGD has a momentum; the others say why not", () => {
  assert.equal(learningSettingsData(stateOf()).momentumReason, null);
  const data = learningSettingsData(stateOf({ optimizer: { ...optimizer, name: "adam" } }));
  assert.equal(data.momentumReason, "momentum.needs_sgd");
});

test("what did not change is the same object, so that nothing is drawn again", () => {
  const state = stateOf();
  const [one, other] = [learningSettingsData(state), learningSettingsData({ ...state })];
  for (const name of /** @type {const} */ (["losses", "clipping", "curve", "stoppingMetrics", "schedule"])) {
    assert.equal(one[name], other[name]);
  }
  assert.equal(specControlsData(state).unusual, specControlsData({ ...state }).unusual);
});
