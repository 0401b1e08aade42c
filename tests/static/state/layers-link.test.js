import assert from "node:assert/strict";
import { test } from "node:test";
import { readLayers, writeLayers } from "../../../static/js/state/layers-link.js";
import { book } from "./link-book.js";

/** @param {string} text */
const read = (text) => readLayers(text, book.schema);
/** @param {any} units @param {string} activation */
const dense = (units, activation = "tanh") => ({ kind: "dense", units, activation });

for (const { text, layers } of [
  { text: "none", layers: [] },
  { text: "8:relu", layers: [dense(8, "relu")] },
  {
    text: "8:relu:normalized:dropout0.2",
    layers: [dense(8, "relu"), { kind: "batch_normalization", momentum: 0.99 }, { kind: "dropout", rate: 0.2 }],
  },
  {
    text: "3:tanh:normalized0.5,1:linear",
    layers: [dense(3), { kind: "batch_normalization", momentum: 0.5 }, dense(1, "linear")],
  },
]) {
  test(`"${text}" is written and read`, () => {
    assert.deepEqual(read(text), layers);
    assert.equal(writeLayers(/** @type {any} */ (layers), book.schema), text);
  });
}

for (const { text, layers } of [
  { text: "4, 2", layers: [dense(4), dense(2)] },
  { text: "0,500,2.4", layers: [dense(1), dense(64), dense(2)] },
  { text: "4:cosine", layers: [dense(4)] },
  {
    text: "4:dropout3:normalized1",
    layers: [dense(4), { kind: "batch_normalization", momentum: 0.99 }, { kind: "dropout", rate: 0.9 }],
  },
  { text: "4:dropout0", layers: [dense(4)] },
  { text: "many,4", layers: [dense(4)] },
  { text: "1,1,1,1,1,1,1,1,1,1", layers: Array.from({ length: 8 }, () => dense(1)) },
  { text: "many", layers: null },
]) {
  test(`"${text}" becomes the nearest network that is allowed`, () => assert.deepEqual(read(text), layers));
}
