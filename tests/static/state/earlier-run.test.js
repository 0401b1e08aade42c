import assert from "node:assert/strict";
import { test } from "node:test";
import { earlierRunOf } from "../../../static/js/state/earlier-run.js";
import { makeImageSpec } from "./image-book.js";

const conv = { kind: "conv2d", filters: 8, kernel_size: 3 };
/** @type {any} */
const networks = [
  { name: "plain", dataset: "cifar10", layers: [conv] },
  { name: "best", dataset: { name: "mnist" }, layers: [conv, { kind: "flatten" }], earlier_run: "kept" },
];
const asServerWrites = { padding: "valid", filters: 8, kind: "conv2d", activation: "relu", kernel_size: 3, strides: 1 };

/** @param {string} name @param {any[]} layers */
const found = (name, layers) => earlierRunOf(networks, makeImageSpec({ dataset: { name }, layers }));

test("an earlier run is found by its data and its layers, however they are written", () => {
  assert.equal(found("mnist", [conv, { kind: "flatten" }]), "kept");
  assert.equal(found("mnist", [asServerWrites, { kind: "flatten" }]), "kept");
});

test("other data and other layers have none, nor has a network that nobody ran", () => {
  assert.equal(found("digits", [conv, { kind: "flatten" }]), null);
  assert.equal(found("mnist", [{ ...conv, filters: 9 }, { kind: "flatten" }]), null);
  assert.equal(found("cifar10", [conv]), null);
});
