import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureOf, specOfPreset } from "../../../static/js/state/presets.js";
import { book } from "./link-book.js";

test("an example changes what it names and leaves the rest as everybody starts", () => {
  const spec = { dataset: { name: "xor" }, layers: [{ kind: "dense", units: 2, activation: "relu" }], epochs: 50 };
  const made = specOfPreset({ name: "any", verdict: "works", spec }, book.start);
  assert.deepEqual(made, { ...book.start, ...spec, dataset: { ...book.start.dataset, name: "xor" } });
});

test("an example may bring a group that was empty", () => {
  const spec = { early_stopping: { metric: "loss" } };
  assert.deepEqual(specOfPreset({ name: "any", verdict: "works", spec }, book.start).early_stopping, {
    metric: "loss",
  });
});

test("a picture of a plane becomes numbers from -1 to 1", () => {
  const picture = pictureOf({ kind: "plane", size: 2, cells: btoa(String.fromCharCode(0, 255, 0, 255)) });
  assert.deepEqual(picture, { kind: "plane", size: 2, grid: Float32Array.of(-1, 1, -1, 1) });
});

test("a picture of classes becomes one grid for each of them", () => {
  const picture = pictureOf({ kind: "classes", size: 2, classes: 3, cells: btoa(String.fromCharCode(0, 2, 2, 1)) });
  assert.deepEqual(picture, {
    kind: "classes",
    size: 2,
    grids: [Float32Array.of(1, 0, 0, 0), Float32Array.of(0, 0, 0, 1), Float32Array.of(0, 1, 1, 0)],
  });
});

test("a curve stays as it is", () => {
  const curve = { kind: /** @type {const} */ ("curve"), x: [0, 1], answers: [0, 1], truth: [0, 2] };
  assert.equal(pictureOf(curve), curve);
});
