import assert from "node:assert/strict";
import { test } from "node:test";
import {
  atLive,
  frameLimit,
  noTime,
  shownFrame,
  shownMoment,
  travelBy,
  travelTo,
  withFrame,
  withModel,
} from "../../../static/js/state/time-machine.js";

/** @param {number} epoch @param {any} metrics */
const makeFrame = (epoch, metrics = null) => ({ epoch, weights: new Float32Array([epoch]), metrics });

/** @param {number[]} epochs */
const makeMachine = (...epochs) =>
  epochs.reduce((machine, epoch) => withFrame(machine, "r1", makeFrame(epoch)), noTime);

test("frames are kept in order, and the one that came last is live", () => {
  const machine = makeMachine(0, 3, 7);
  assert.deepEqual(machine.epochs, [0, 3, 7]);
  assert.equal(shownFrame(machine)?.epoch, 7);
});

test("a frame of another run begins anew", () => {
  const machine = withFrame(travelTo(makeMachine(0, 3, 7), 3), "r2", makeFrame(1));
  assert.deepEqual([machine.epochs, machine.shownEpoch, machine.runId], [[1], null, "r2"]);
});

test("a frame takes the place of one of the same epoch", () => {
  const frame = makeFrame(3);
  const machine = withFrame(makeMachine(0, 3), "r1", frame);
  assert.deepEqual(machine.epochs, [0, 3]);
  assert.equal(machine.frames[1], frame);
});

test("an early stop goes back to its best epoch: that is live, and the later ones stay", () => {
  const machine = makeMachine(0, 3, 7, 3);
  assert.deepEqual(machine.epochs, [0, 3, 7]);
  assert.equal(shownFrame(machine)?.epoch, 3);
});

test("thousands of frames are thinned evenly; the first, the newest and the one that is shown stay", () => {
  let machine = makeMachine(0, 1, 2, 3, 4);
  machine = travelTo(machine, 3);
  for (let epoch = 5; epoch < 5000; epoch += 1) machine = withFrame(machine, "r1", makeFrame(epoch));
  const { epochs } = machine;
  assert.ok(epochs.length <= 402 && epochs.length >= 200);
  assert.deepEqual([epochs[0], epochs.includes(3), epochs.at(-1)], [0, true, 4999]);
  const gaps = epochs.slice(1).map((epoch, index) => epoch - epochs[index]);
  assert.ok(Math.max(...gaps) <= 32);
});

test("large networks keep fewer frames, and never none", () => {
  assert.equal(frameLimit(100), 400);
  assert.equal(frameLimit(20000 * 4), 314);
  assert.equal(frameLimit(1e9), 2);
});

test("a model that is fetched late becomes part of the past", () => {
  const machine = withModel(makeMachine(5, 6), "r1", makeFrame(0));
  assert.deepEqual(machine.epochs, [0, 5, 6]);
  assert.equal(shownFrame(machine)?.epoch, 6);
});

test("a model that is newer than all frames is live; one of a moment that is kept changes nothing", () => {
  const machine = makeMachine(5, 6);
  assert.equal(shownFrame(withModel(machine, "r1", makeFrame(9)))?.epoch, 9);
  assert.equal(withModel(machine, "r1", makeFrame(6)), machine);
  assert.equal(shownFrame(withModel(noTime, "r1", makeFrame(0)))?.epoch, 0);
});

for (const { wanted, from, shown } of [
  { wanted: 41, from: null, shown: 40 },
  { wanted: -5, from: null, shown: 0 },
  { wanted: 80, from: 40, shown: null },
  { wanted: 200, from: 40, shown: null },
  { wanted: 79, from: 40, shown: null },
  { wanted: 39, from: 40, shown: 20 },
  { wanted: 41, from: 40, shown: 60 },
  { wanted: 40, from: 40, shown: 40 },
  { wanted: 79, from: null, shown: 60 },
]) {
  test(`from ${from ?? "live"}, a wish for epoch ${wanted} leads to ${shown ?? "live"}`, () => {
    const machine = { ...makeMachine(0, 20, 40, 60, 80), shownEpoch: from };
    assert.equal(travelTo(machine, wanted).shownEpoch, shown);
  });
}

test("steps lead from one kept moment to the next, and at the end live", () => {
  let machine = makeMachine(0, 4, 9);
  const shown = [-1, -1, -1, 1, 1, 1].map((steps) => {
    machine = travelBy(machine, /** @type {-1 | 1} */ (steps));
    return machine.shownEpoch;
  });
  assert.deepEqual(shown, [4, 0, 0, 4, null, null]);
});

test("where nothing is kept, nobody travels", () => {
  assert.equal(travelTo(noTime, 5), noTime);
  assert.equal(travelBy(noTime, -1).shownEpoch, null);
  assert.equal(atLive(noTime), noTime);
  assert.equal(shownFrame(noTime), null);
});

const history = { epoch: [0, 10, 20], step: [0, 1, 2], loss: [0.9, 0.5, 0.1], val_loss: [1, 0.6, null] };
/** @type {any} */
const run = { runId: "r1", epoch: 20, metrics: { loss: 0.1 }, history };

test("live, the numbers are those of the run", () => {
  const timeMachine = makeMachine(0, 10, 20);
  assert.deepEqual(shownMoment({ run, timeMachine }), { epoch: 20, metrics: { loss: 0.1 }, isLive: true });
  assert.deepEqual(shownMoment({ run: null, timeMachine: noTime }), { epoch: 0, metrics: {}, isLive: true });
});

test("at a chosen moment, the numbers are those told with its frame, or those of the nearest row of the curve", () => {
  const timeMachine = withFrame(makeMachine(0, 8), "r1", makeFrame(20));
  const numbers = (/** @type {any} */ machine) => shownMoment({ run, timeMachine: machine });
  assert.deepEqual(numbers(travelTo(timeMachine, 8)), {
    epoch: 8,
    metrics: { loss: 0.5, val_loss: 0.6 },
    isLive: false,
  });
  const told = withFrame(withFrame(noTime, "r1", makeFrame(4, { loss: 0.7 })), "r1", makeFrame(20));
  assert.deepEqual(numbers(travelBy(told, -1)).metrics, { loss: 0.7 });
});

test("a moment of a run that is gone counts for nothing", () => {
  const timeMachine = { ...travelBy(makeMachine(0, 8), -1), runId: "r0" };
  assert.equal(shownMoment({ run, timeMachine }).isLive, true);
});
