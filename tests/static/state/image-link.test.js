import assert from "node:assert/strict";
import { test } from "node:test";
import { readImageLayers, writeImageLayers } from "../../../static/js/state/image-layers-link.js";
import { imagesOfLink, linkOfImages } from "../../../static/js/state/image-link.js";
import { imageEntries, imageSchema, makeImageSpec } from "./image-book.js";

const book = /** @type {any} */ ({ start: makeImageSpec(), schema: imageSchema, datasets: imageEntries });

const layers = [
  { kind: "conv2d", filters: 16, kernel_size: 5, strides: 2, padding: "same", activation: "tanh" },
  { kind: "batch_normalization", momentum: 0.9 },
  { kind: "max_pooling2d", pool_size: 3, padding: "valid" },
  { kind: "average_pooling2d", pool_size: 2, padding: "same" },
  { kind: "dropout", rate: 0.25 },
  { kind: "global_average_pooling2d" },
  { kind: "dense", units: 12, activation: "relu" },
];

test("layers of every kind come back from their text as they were", () => {
  const text = writeImageLayers(layers, imageSchema);
  assert.equal(text, "conv16:k5:s2:same:tanh,normalized0.9,maxpool3,avgpool2:same,dropout0.25,globalavg,dense12:relu");
  assert.deepEqual(readImageLayers(text, imageSchema), layers);
});

test("of layers in a link only what is known and allowed is taken", () => {
  assert.deepEqual(readImageLayers("conv9999:k99:wild,teleport3,flatten,normalized1", imageSchema), [
    { kind: "conv2d", filters: 256, kernel_size: 7, strides: 1, padding: "valid", activation: "relu" },
    { kind: "flatten" },
    { kind: "batch_normalization", momentum: 0.99 },
  ]);
  assert.deepEqual(readImageLayers("none", imageSchema), []);
  assert.equal(readImageLayers("nonsense", imageSchema), null);
  assert.equal(readImageLayers(new Array(50).fill("flatten").join(), imageSchema)?.length, 32);
});

test("an address says only what is not as usual, and the run", () => {
  assert.equal(linkOfImages(makeImageSpec(), null, book), "");
  assert.equal(linkOfImages(makeImageSpec({ batch_size: 64 }), "r1", book), "#batch_size=64&run=r1");
});

test("settings, augmentation, own images and the run come back from the address", () => {
  const images = { collection: "a".repeat(20), side: 48, channels: 1, classes: 3 };
  const dataset = { ...makeImageSpec().dataset, name: "own_images", samples: 120, split: "given", images };
  const augmentation = { ...makeImageSpec().augmentation, rotate: 15, flip: true };
  const spec = makeImageSpec({ dataset, augmentation, layers, epochs: null });
  const link = imagesOfLink(linkOfImages(spec, "r-7", book), book);
  assert.deepEqual([link.spec, link.runId, link.hasSettings], [spec, "r-7", true]);
});

test("nothing of a link is trusted", () => {
  const { spec, runId } = imagesOfLink("#dataset=moon&batch_size=-4&run=../../etc&augmentation_shift=7", book);
  assert.deepEqual([spec.dataset.name, spec.batch_size, runId], ["digits", 1, null]);
  assert.equal(spec.augmentation.shift, 0.5);
});

test("the number of samples of a data set belongs to it", () => {
  assert.equal(imagesOfLink("#dataset=mnist", book).spec.dataset.samples, 10_000);
});
