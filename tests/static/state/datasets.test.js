import assert from "node:assert/strict";
import { test } from "node:test";
import {
  classesOf,
  drawableDatasets,
  finalActivation,
  kindOf,
  outputsOf,
  problemOf,
} from "../../../static/js/state/datasets.js";
import { offered } from "../builders.js";

test("the page offers points of the plane and curves, no pictures yet", () => {
  assert.deepEqual(
    drawableDatasets(offered).map(({ name }) => name),
    ["circle", "moons", "blobs", "plane", "curve"],
  );
});

for (const { dataset, classes, outputs } of [
  { dataset: { name: "circle" }, classes: 2, outputs: 1 },
  { dataset: { name: "circle", classes: 5 }, classes: 2, outputs: 1 },
  { dataset: { name: "blobs" }, classes: 3, outputs: 3 },
  { dataset: { name: "blobs", classes: 5 }, classes: 5, outputs: 5 },
  { dataset: { name: "blobs", classes: 2 }, classes: 2, outputs: 1 },
  { dataset: { name: "plane", classes: 4 }, classes: null, outputs: 1 },
  { dataset: { name: "curve" }, classes: null, outputs: 1 },
]) {
  test(`${JSON.stringify(dataset)} has ${classes} classes and ${outputs} final units`, () => {
    assert.equal(classesOf(offered, dataset), classes);
    assert.equal(outputsOf(offered, dataset), outputs);
  });
}

test("an unknown data set is taken for a classification of the plane", () => {
  assert.equal(problemOf(offered, "plane"), "regression");
  assert.equal(problemOf(offered, "own"), "classification");
  assert.equal(kindOf(offered, "curve"), "curve");
  assert.equal(kindOf(offered, "own"), "plane");
});

for (const { name, activation } of [
  { name: "circle", activation: "sigmoid" },
  { name: "blobs", activation: "softmax" },
  { name: "curve", activation: "linear" },
]) {
  test(`the final units of ${name} are ${activation}`, () =>
    assert.equal(finalActivation(offered, { name }), activation));
}
