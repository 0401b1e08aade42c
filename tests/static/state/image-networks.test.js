import assert from "node:assert/strict";
import { test } from "node:test";
import { firstSpec, withCollection, withImageDataset, withNetwork } from "../../../static/js/state/image-networks.js";
import { imageEntries, imageNetworks, makeCollection, makeImageSpec } from "./image-book.js";

const datasets = /** @type {any} */ (imageEntries);
const known = { start: makeImageSpec({ layers: [] }), datasets };

test("everybody starts with digits and a small convolutional network, its layers complete", () => {
  const spec = firstSpec(makeImageSpec({ optimizer: { name: "sgd", learning_rate: 0.03 } }), datasets, imageNetworks);
  assert.deepEqual([spec.dataset.name, spec.dataset.samples, spec.optimizer.name], ["digits", 1797, "adam"]);
  assert.deepEqual(spec.layers[0], {
    kind: "conv2d",
    filters: 16,
    kernel_size: 3,
    strides: 1,
    padding: "valid",
    activation: "relu",
  });
});

test("a network that names no data keeps those that are chosen, and what it does not say is as at first", () => {
  const chosen = makeImageSpec({ batch_size: 128, epochs: 3, seed: 5 });
  const mnist = withImageDataset(chosen, datasets[1]);
  const spec = withNetwork(mnist, imageNetworks[1], known);
  assert.deepEqual([spec.dataset, spec.batch_size, spec.seed], [mnist.dataset, 32, 5]);
  assert.deepEqual(spec.augmentation, { shift: 0.1, rotate: 0, zoom: 0, flip: false, noise: 0 });
  assert.ok(!("name" in spec));
});

test("a network that names data brings them, with as many samples as it asks for", () => {
  const { dataset } = withNetwork(makeImageSpec(), imageNetworks[2], known);
  assert.deepEqual([dataset.name, dataset.samples, dataset.split], ["mnist", 10_000, "given"]);
  assert.equal(withNetwork(makeImageSpec(), imageNetworks[3], known).dataset.samples, 70_000);
});

test("a set that came with a split is tested with its own test part", () => {
  const { dataset } = withImageDataset(makeImageSpec(), datasets[1]);
  assert.equal(Math.round(dataset.samples * dataset.train_fraction), 8571);
  assert.equal(withImageDataset(makeImageSpec(), datasets[0]).dataset.split, "share");
});

test("own images say what they are, and another set forgets them", () => {
  const own = withCollection(makeImageSpec(), makeCollection());
  assert.deepEqual(own.dataset.images, { collection: "a".repeat(20), side: 48, channels: 3, classes: 2 });
  assert.equal(own.dataset.samples, 100);
  assert.equal(withImageDataset(own, datasets[0]).dataset.images, null);
});

test("of a set that is only partly there, a network takes what there is", () => {
  const [digits, mnist] = datasets;
  const whole = { ...imageNetworks[3], dataset: { name: "mnist", samples: 70_000, split: "given" } };
  const small = { ...mnist, given: null, limits: { samples: [20, 500] } };
  const taken = (/** @type {any} */ entry) =>
    withNetwork(makeImageSpec(), whole, { ...known, datasets: [digits, entry] }).dataset;
  assert.deepEqual([taken(small).samples, taken(small).split], [500, "share"]);
  assert.equal(taken({ ...small, state: "missing" }).split, "given");
  assert.deepEqual([taken(mnist).samples, taken(mnist).split], [70_000, "given"]);
});
