import assert from "node:assert/strict";
import { test } from "node:test";
import { builderChanges } from "../../../../../static/js/pages/images/builder/changes.js";
import {
  blocksData,
  builderHeadData,
  ladderData,
  layerListData,
} from "../../../../../static/js/pages/images/builder/view-data.js";
import { makeImageSpec } from "../../../state/image-book.js";
import { impossibleLayers, makeImagesState } from "../images-state.js";

const withLayers = (/** @type {readonly any[]} */ layers) => makeImagesState({ spec: makeImageSpec({ layers }) });

test("each layer tells its shape, its weights and the settings it has", () => {
  const { rows } = layerListData(makeImagesState());
  assert.deepEqual(
    rows.map(({ kind, shape, weights }) => [kind, shape, weights]),
    [
      ["flatten", "64", "0"],
      ["dense", "64", "4,160"],
    ],
  );
  assert.deepEqual(
    rows[1].fields.map(({ name, value, choices }) => [name, value, choices.length > 0]),
    [
      ["units", 64, false],
      ["activation", "relu", true],
    ],
  );
});

test("the limits of a typed number and the choices of a list are the server's", () => {
  const [{ fields }] = layerListData(withLayers([{ kind: "conv2d", filters: 8, kernel_size: 3 }])).rows;
  const field = (/** @type {string} */ name) => fields.find((each) => each.name === name);
  assert.equal(field("filters")?.limits.maximum, 256);
  assert.deepEqual(
    field("kernel_size")?.choices.map(({ value }) => value),
    ["1", "2", "3", "4", "5", "6", "7"],
  );
  assert.deepEqual(
    field("padding")?.choices.map(({ value }) => value),
    ["valid", "same"],
  );
});

test("an impossible shape is explained at its layer, and what follows has no shape", () => {
  const state = withLayers([...impossibleLayers, { kind: "flatten" }]);
  const { rows } = layerListData(state);
  assert.equal(rows[0].problem, "images.problem.needs_row 8 × 8 × 1 0 8");
  assert.deepEqual([rows[0].shape, rows[1].shape, rows[1].problem], ["–", "–", ""]);
  assert.deepEqual([builderHeadData(state).total, builderHeadData(state).problem], ["–", ""]);
});

test("a network that ends in a picture says so below its layers", () => {
  const state = withLayers([{ kind: "max_pooling2d", pool_size: 2 }]);
  assert.match(builderHeadData(state).problem, /^images\.problem\.needs_row\.end 4 × 4 × 1/);
  assert.equal(layerListData(state).rows[0].problem, "");
});

test("nothing is computed anew while nothing of the network changes", () => {
  const state = makeImagesState();
  const later = { ...state, run: {} };
  assert.equal(layerListData(state).rows, layerListData(/** @type {any} */ (later)).rows);
  assert.equal(blocksData(state).blocks, blocksData(/** @type {any} */ (later)).blocks);
});

test("a network takes no more layers than the server", () => {
  assert.equal(builderHeadData(makeImagesState()).isFull, false);
  assert.equal(builderHeadData(withLayers(new Array(32).fill({ kind: "flatten" }))).isFull, true);
});

test("a ready-made network that is changed by hand is the reader's own", () => {
  const state = makeImagesState({ ...builderChanges.network(makeImagesState(), "small_cnn") });
  assert.equal(ladderData(state).chosen, "small_cnn");
  const changed = builderChanges.change_layer(state, { place: 0, field: "filters", value: 4 });
  assert.deepEqual([changed.networkName, changed.spec?.layers[0].filters], [null, 4]);
  assert.deepEqual(builderChanges.network(state, "unheard_of"), {});
});
