import assert from "node:assert/strict";
import { test } from "node:test";
import { networkChanges } from "../../../../static/js/pages/network/changes.js";
import { hiddenLayers } from "../../../../static/js/state/hidden-layers.js";
import { makeSpec } from "../../builders.js";

/** @type {any} */
const state = { spec: makeSpec(), activation: "tanh", pinned: { layer: 0, unit: 1 } };

/** @param {any} change @returns {any[]} */
const hiddenAfter = ({ spec }) =>
  hiddenLayers(spec).map(({ units, activation, isNormalized, dropout }) => [units, activation, isNormalized, dropout]);

test("a layer takes an activation, a dropout and a normalization of its own", () => {
  const change = { activation: "relu", dropout: 0.3, isNormalized: true };
  const changed = networkChanges.set_hidden_layer(state, { layer: 1, change });
  assert.deepEqual(hiddenAfter(changed), [
    [4, "tanh", false, 0],
    [2, "relu", true, 0.3],
  ]);
});

test("another activation leaves the unit that is kept in view; another number of units does not", () => {
  assert.ok(!("pinned" in networkChanges.set_hidden_layer(state, { layer: 0, change: { activation: "relu" } })));
  assert.equal(networkChanges.set_hidden_layer(state, { layer: 0, change: { units: 1 } }).pinned, null);
});

test("any layer can go, not only the last", () => {
  assert.deepEqual(hiddenAfter(networkChanges.drop_layer(state, { layer: 0 })), [[2, "tanh", false, 0]]);
});
