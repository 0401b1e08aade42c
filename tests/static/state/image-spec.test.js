import assert from "node:assert/strict";
import { test } from "node:test";
import { classesIn, imageDatasets, isReady, planOf, shapeOf } from "../../../static/js/state/image-datasets.js";
import {
  isAugmenting,
  withAddedLayer,
  withAugmentation,
  withChangedLayer,
  withMovedLayer,
  withoutLayer,
} from "../../../static/js/state/image-spec.js";
import { imageEntries, makeImageSpec } from "./image-book.js";

const datasets = /** @type {any} */ (imageEntries);
const kinds = (/** @type {any} */ spec) => spec.layers.map((/** @type {any} */ layer) => layer.kind);

test("layers are added, moved, changed and removed without touching the spec they came from", () => {
  const spec = makeImageSpec();
  assert.deepEqual(kinds(withAddedLayer(spec, 0, "conv2d")), ["conv2d", "flatten", "dense"]);
  assert.deepEqual(kinds(withMovedLayer(spec, 0, 1)), ["dense", "flatten"]);
  assert.deepEqual(kinds(withoutLayer(spec, 0)), ["dense"]);
  assert.equal(withChangedLayer(spec, 1, { units: 9 }).layers[1].units, 9);
  assert.deepEqual(spec, makeImageSpec());
});

test("a layer at the edge stays where it is", () => {
  const spec = makeImageSpec();
  assert.equal(withMovedLayer(spec, 0, -1), spec);
  assert.equal(withMovedLayer(spec, 1, 2), spec);
});

test("pictures are changed only when some setting says so", () => {
  assert.equal(isAugmenting(makeImageSpec().augmentation), false);
  assert.equal(isAugmenting(null), false);
  assert.equal(isAugmenting(withAugmentation(makeImageSpec(), { flip: true }).augmentation), true);
  assert.equal(isAugmenting(withAugmentation(makeImageSpec(), { noise: 0.05 }).augmentation), true);
});

test("shape and classes of own images are told by the spec, of others by the server's list", () => {
  const images = { collection: "a", side: 64, channels: 3, classes: 2 };
  const own = makeImageSpec({ dataset: { ...makeImageSpec().dataset, name: "own_images", images } });
  assert.deepEqual([shapeOf(datasets, own), classesIn(datasets, own)], [[64, 64, 3], 2]);
  assert.deepEqual([shapeOf(datasets, makeImageSpec()), classesIn(datasets, makeImageSpec())], [[8, 8, 1], 10]);
});

test("two classes have one final unit; a network on a base begins with what the base says", () => {
  const images = { collection: "a", side: 8, channels: 3, classes: 2 };
  const own = makeImageSpec({ dataset: { ...makeImageSpec().dataset, name: "own_images", images } });
  assert.deepEqual(planOf(datasets, own).plans.at(-1)?.outputs, [1]);
  const head = makeImageSpec({ base: { name: "mobilenet_v2" }, layers: [] });
  assert.equal(planOf(datasets, head).weights, 1280 * 10 + 10);
});

test("the page offers pictures only, and a set without a state is there", () => {
  const all = [...imageEntries, { name: "circle", kind: "plane" }];
  assert.equal(imageDatasets(all).length, imageEntries.length);
  assert.deepEqual(
    [undefined, "ready", "missing", "failed"].map((state) => isReady(/** @type {any} */ ({ state }))),
    [true, true, false, false],
  );
  assert.equal(isReady(undefined), false);
});
