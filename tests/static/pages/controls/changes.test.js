import assert from "node:assert/strict";
import { test } from "node:test";
import { controlsChanges } from "../../../../static/js/pages/controls/changes.js";
import { offerOf } from "../../../../static/js/state/spec-schema.js";
import { makeSpec } from "../../builders.js";

const { optimizer } = makeSpec();

/** @param {string} name @param {any} value @param {Record<string, any>} [change] of the spec */
const specAfter = (name, value, change = {}) =>
  /** @type {any} */ (
    controlsChanges[name](/** @type {any} */ ({ spec: makeSpec(change), offer: offerOf({}) }), value).spec
  );

for (const { name, value, before, expected } of [
  { name: "loss", value: "mae", expected: { loss: "mae" } },
  { name: "momentum", value: 0.9, expected: { optimizer: { ...optimizer, momentum: 0.9 } } },
  {
    name: "schedule",
    value: { name: "cosine" },
    expected: { optimizer: { ...optimizer, schedule: { ...optimizer.schedule, name: "cosine" } } },
  },
  { name: "clip_kind", value: "norm", expected: { optimizer: { ...optimizer, clip_norm: 1 } } },
  { name: "has_epochs", value: true, expected: { epochs: 300 } },
  { name: "has_epochs", value: false, before: { epochs: 40 }, expected: {} },
  { name: "epochs", value: 50, before: { epochs: 40 }, expected: { epochs: 50 } },
  { name: "seed", value: 7, expected: { seed: 7 } },
  {
    name: "stops_early",
    value: true,
    expected: { early_stopping: { metric: "val_loss", patience: 20, min_delta: 0, restore_best: true } },
  },
]) {
  test(`${name} ${JSON.stringify(value)} changes that and nothing else`, () =>
    assert.deepEqual(specAfter(name, value, before), makeSpec(/** @type {any} */ (expected))));
}

test("gradients are clipped in one way only, and the amount goes with it", () => {
  const clipped = { optimizer: { ...optimizer, clip_norm: 0.5 } };
  const { clip_norm, clip_value } = specAfter("clip_kind", "value", clipped).optimizer;
  assert.deepEqual([clip_norm, clip_value], [null, 0.5]);
  assert.equal(specAfter("clip_amount", 2, clipped).optimizer.clip_norm, 2);
});

test("without a momentum nothing looks ahead", () => {
  const ahead = { optimizer: { ...optimizer, momentum: 0.9, nesterov: true } };
  assert.equal(specAfter("momentum", 0.5, ahead).optimizer.nesterov, true);
  assert.equal(specAfter("momentum", 0, ahead).optimizer.nesterov, false);
});

test("a part of early stopping that changes leaves the others", () => {
  const early_stopping = { metric: "loss", patience: 5, min_delta: 0.1, restore_best: false };
  assert.deepEqual(specAfter("stopping", { patience: 6 }, { early_stopping }).early_stopping, {
    ...early_stopping,
    patience: 6,
  });
});

test("the usual settings put the drawer back and nothing else", () => {
  const changed = makeSpec({
    loss: "huber",
    epochs: 10,
    batch_size: 7,
    seed: 3,
    early_stopping: { metric: "loss" },
    optimizer: { ...optimizer, learning_rate: 0.1, momentum: 0.9, nesterov: true, clip_value: 1 },
  });
  const usual = specAfter("usual_settings", null, changed);
  assert.deepEqual(usual, makeSpec({ batch_size: 7, seed: 3, optimizer: { ...optimizer, learning_rate: 0.1 } }));
});
