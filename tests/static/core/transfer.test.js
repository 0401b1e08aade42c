import assert from "node:assert/strict";
import { test } from "node:test";
import { partsOf, studySteps, unfrozenBlocks, unfrozenStops } from "../../../static/js/core/transfer.js";

const blocks = [
  { name: "first", unfrozen: 12, weights: 100, trainable: 80 },
  { name: "middle", unfrozen: 8, weights: 200, trainable: 150 },
  { name: "last", unfrozen: 4, weights: 400, trainable: 390 },
];

test("the slider stops where a block begins, nothing unfrozen first", () => {
  assert.deepEqual(unfrozenStops(blocks), [0, 4, 8, 12]);
});

for (const [unfrozen, count] of [
  [0, 0],
  [3, 0],
  [4, 1],
  [11, 2],
  [160, 3],
])
  test(`${unfrozen} unfrozen layers are ${count} whole blocks`, () => {
    assert.equal(unfrozenBlocks(blocks, unfrozen), count);
  });

test("what is unfrozen is trained but for its normalizations, and the layers on top always", () => {
  const { parts, frozen, trained } = partsOf(blocks, 8, 30);
  assert.deepEqual(
    parts.map(({ name, isTrained }) => [name, isTrained]),
    [
      ["first", false],
      ["middle", true],
      ["last", true],
      ["", true],
    ],
  );
  assert.equal(trained, 150 + 390 + 30);
  assert.equal(frozen + trained, 100 + 200 + 400 + 30);
});

test("sixty pictures of three classes are enough for five and ten examples of each", () => {
  assert.deepEqual(
    studySteps(3, 60).map(({ examples }) => examples),
    [5, 10],
  );
});

test("each step says a share and a number of samples that give just so many examples", () => {
  for (const [classes, available] of [
    [3, 60],
    [10, 1797],
    [10, 70000],
    [2, 100],
  ])
    for (const { examples, samples, train_fraction } of studySteps(classes, available)) {
      assert.equal(Math.round(samples * train_fraction), examples * classes);
      assert.ok(samples <= available && samples >= 20);
      assert.ok(train_fraction >= 0.1 && train_fraction <= 0.9);
    }
});

test("too few pictures are enough for nothing", () => {
  assert.deepEqual(studySteps(10, 55), []);
});
