import assert from "node:assert/strict";
import { test } from "node:test";
import { createPictureTaker, readPictures } from "../../../../static/js/pages/runs/run-pictures.js";

for (const text of [null, "", "{", "null", "[1]", '{"r1":"https://elsewhere.example/x.png","r2":7}']) {
  test(`${JSON.stringify(text)} in the memory holds no picture`, () => assert.deepEqual(readPictures(text), {}));
}

/** @param {any} kept */
function makeTaker(kept) {
  const clock = { now: 0 };
  /** @type {string[]} */
  const put = [];
  const taker = createPictureTaker({
    shelf: { find: () => kept, putPicture: (runId) => void put.push(runId) },
    copy: () => "data:image/webp;base64,x",
    now: () => clock.now,
  });
  return { taker, clock, put };
}

/** @param {Record<string, any>} change @returns {any} */
const makeState = (change = {}) => ({
  run: { runId: "r1", status: "paused" },
  picture: { runId: "r1", focus: null },
  feature: null,
  timeMachine: { shownEpoch: null },
  ...change,
});
const worthKeeping = { isTrained: true, pin: null };

test("a picture at rest is taken once", () => {
  const { taker, put } = makeTaker(worthKeeping);
  const state = makeState();
  taker.follow(state);
  taker.follow(state);
  assert.deepEqual(put, ["r1"]);
});

test("while it trains a picture is taken now and then", () => {
  const { taker, clock, put } = makeTaker(worthKeeping);
  for (clock.now = 0; clock.now < 6500; clock.now += 100)
    taker.follow(makeState({ run: { runId: "r1", status: "running" } }));
  assert.equal(put.length, 3);
});

for (const [name, change] of /** @type {[string, any][]} */ ([
  ["of another run", { picture: { runId: "r0", focus: null } }],
  ["of a hidden unit", { picture: { runId: "r1", focus: { layer: 0, unit: 0 } } }],
  ["of a feature", { feature: "x1" }],
  ["of an earlier moment", { timeMachine: { shownEpoch: 3 } }],
])) {
  test(`a picture ${name} is not taken`, () => {
    const { taker, put } = makeTaker(worthKeeping);
    taker.follow(makeState(change));
    assert.deepEqual(put, []);
  });
}

test("a run that is not kept needs no picture", () => {
  const { taker, put } = makeTaker(undefined);
  taker.follow(makeState());
  assert.deepEqual(put, []);
});
