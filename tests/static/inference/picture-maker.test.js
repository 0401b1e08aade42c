import assert from "node:assert/strict";
import { test } from "node:test";
import { createPictureMaker } from "../../../static/js/inference/picture-maker.js";

function makeFakeWorker() {
  return {
    /** @type {any[]} */
    asked: [],
    /** @type {any} */
    onmessage: null,
    /** @type {any} */
    onerror: null,
    /** @param {any} message */
    postMessage(message) {
      this.asked.push(message);
    },
    /** @param {any} data */
    answer(data) {
      this.onmessage({ data });
    },
  };
}

function makeMaker() {
  const worker = makeFakeWorker();
  /** @type {any[]} */
  const answers = [];
  return { worker, answers, maker: createPictureMaker({ worker, onAnswer: (answer) => answers.push(answer) }) };
}

/** @param {number} epoch */
const moment = (epoch) => ({ runId: "r1", weights: new Float32Array(9), epoch, focus: null, isFine: false });
/** @param {number} epoch */
const rows = (epoch) => ({ ...moment(epoch), train: new Float32Array(2), val: new Float32Array(2) });
/** @type {import("../../../static/js/inference/predict-grid.js").Plot} */
const plot = { kind: "plane", featureNames: ["x1"], domain: [-2, 2], isProbability: true };
const picture = { type: "picture" };

test("while a picture is drawn, only the newest moment waits", () => {
  const { worker, maker } = makeMaker();
  for (const epoch of [1, 2, 3, 4]) maker.draw(moment(epoch));
  assert.deepEqual(
    worker.asked.map(({ epoch }) => epoch),
    [1],
  );
  worker.answer(picture);
  assert.deepEqual(
    worker.asked.map(({ epoch }) => epoch),
    [1, 4],
  );
});

test("when nothing waits, nothing is asked", () => {
  const { worker, maker } = makeMaker();
  maker.draw(moment(1));
  worker.answer(picture);
  worker.answer({ type: "ready", backend: "wasm" });
  assert.equal(worker.asked.length, 1);
});

test("a picture that failed does not stop the next", () => {
  const { worker, maker, answers } = makeMaker();
  maker.draw(moment(1));
  maker.draw(moment(2));
  worker.answer({ type: "failed", during: "draw", runId: "r1", message: "no" });
  assert.equal(worker.asked.at(-1).epoch, 2);
  assert.equal(answers.length, 1);
});

test("a model that arrives while a picture is drawn does not let a second one start", () => {
  const { worker, maker } = makeMaker();
  maker.draw(moment(1));
  maker.load("r1", { model: {}, weights: new ArrayBuffer(0), probe: {} }, plot);
  worker.answer({ type: "loaded" });
  maker.draw(moment(2));
  assert.deepEqual(
    worker.asked.map(({ type }) => type),
    ["draw", "load"],
  );
});

test("pictures go before evaluations, of which only the newest waits", () => {
  const { worker, maker } = makeMaker();
  maker.draw(moment(1));
  for (const epoch of [1, 2]) maker.evaluate(rows(epoch));
  maker.draw(moment(2));
  worker.answer(picture);
  worker.answer(picture);
  worker.answer({ type: "evaluated" });
  assert.deepEqual(
    worker.asked.map(({ type, epoch }) => [type, epoch]),
    [
      ["draw", 1],
      ["draw", 2],
      ["evaluate", 2],
    ],
  );
});

test("an evaluation that waits is not overtaken for ever", () => {
  const { worker, maker } = makeMaker();
  maker.draw(moment(0));
  maker.evaluate(rows(0));
  for (let epoch = 1; epoch <= 20; epoch += 1) {
    maker.draw(moment(epoch));
    worker.answer(picture);
  }
  assert.equal(worker.asked.filter(({ type }) => type === "evaluate").length, 1);
});

test("an evaluation that failed does not stop the next picture", () => {
  const { worker, maker } = makeMaker();
  maker.evaluate(rows(1));
  maker.draw(moment(1));
  worker.answer({ type: "failed", during: "evaluate", runId: "r1", message: "no" });
  assert.equal(worker.asked.at(-1).type, "draw");
});

test("a broken worker is reported in words", () => {
  const { worker, answers } = makeMaker();
  worker.onerror({ message: "SyntaxError" });
  assert.deepEqual(answers, [{ type: "failed", during: "draw", runId: "", message: "SyntaxError" }]);
});
