import assert from "node:assert/strict";
import { test } from "node:test";
import {
  epochProgressData,
  formatDuration,
  imagePlotData,
  learningData,
  plotChoicesData,
} from "../../../../../static/js/pages/images/training/view-data.js";
import { makeImageSpec } from "../../../state/image-book.js";
import { makeImageRun, makeImagesState, sayingKeys } from "../images-state.js";

const progress = { epoch: 4, phase: "training", batch: 50, batches: 100, loss: 0.4, accuracy: 0.9, remaining_s: 30 };

test("the bar shows the share of all epochs, the one that is being trained counted by its batches", () => {
  const run = makeImageRun({ progress });
  const { share, text } = epochProgressData(makeImagesState({ run }));
  assert.equal(share, 3.5 / 20);
  assert.equal(
    text,
    "images.progress.epochs 4 20 · images.progress.batches 50 100 · images.progress.left images.seconds 30 · images.progress.left_all images.minutes 17",
  );
});

test("while it is tested, an epoch is nearly done, and nobody guesses when all is", () => {
  const run = makeImageRun({ progress: { ...progress, phase: "measuring", remaining_s: null } });
  assert.equal(
    epochProgressData(makeImagesState({ run })).text,
    "images.progress.epochs 4 20 · images.progress.measuring",
  );
});

test("a run without an end has no share, one that is over is full, one that never began says nothing", () => {
  const spec = makeImageSpec({ epochs: null });
  assert.equal(epochProgressData(makeImagesState({ spec, run: makeImageRun({ spec }) })).share, 0);
  assert.equal(epochProgressData(makeImagesState({ run: makeImageRun({ status: "finished" }) })).share, 1);
  const waiting = makeImageRun({ epoch: 0, status: "paused" });
  assert.deepEqual(epochProgressData(makeImagesState({ run: waiting })), { share: 0, text: "" });
});

test("times are told in the unit one thinks in", () => {
  const said = (/** @type {number} */ seconds) => formatDuration(seconds, sayingKeys);
  assert.deepEqual([0.2, 59, 90, 7200].map(said), [
    "images.seconds 1",
    "images.seconds 59",
    "images.minutes 2",
    "images.hours 2",
  ]);
});

test("what was told within epochs lies between them, and the lines of the epochs go on across it", () => {
  const batches = { epoch: [0.5, 1.5], loss: [3, 1.5], accuracy: [0.05, 0.3] };
  const run = makeImageRun({ batches });
  const data = imagePlotData(makeImagesState({ run, training: { metric: "loss", isLogarithmic: false } }));
  assert.deepEqual(data.epochs, [0.5, 1, 1.5, 2, 3]);
  assert.deepEqual(data.training, [3, undefined, 1.5, undefined, undefined]);
  assert.deepEqual(data.smoothTraining, [undefined, 2, undefined, 1, 0.5]);
  assert.equal(data.isSmoothed, true);
});

test("without long epochs the curve is that of the epochs", () => {
  const data = imagePlotData(makeImagesState({ run: makeImageRun() }));
  assert.deepEqual([data.metric, data.epochs, data.test], ["accuracy", [1, 2, 3], [0.1, 0.5, 0.7]]);
  assert.equal(data.isSmoothed, false);
});

test("the settings of learning are those of the spec", () => {
  const data = learningData(makeImagesState({ spec: makeImageSpec({ batch_size: 48, epochs: null }) }));
  assert.deepEqual([data.batchSize, data.epochs, data.optimizer, data.learningRate], [48, null, "adam", 0.001]);
});

const history = {
  epoch: [1, 2],
  loss: [2, 1],
  val_loss: [2.2, 1.2],
  accuracy: [0.3, 0.6],
  val_accuracy: [0.25, 0.5],
};
const earlier = { name: "on_mnist", processor_minutes: 39, history };
const ofMnist = makeImageSpec({
  dataset: { ...makeImageSpec().dataset, name: "mnist" },
  layers: [{ kind: "flatten" }],
});
/** @param {Record<string, any>} change @param {any} spec */
const choosing = (change, spec = ofMnist) =>
  makeImagesState({
    spec,
    training: { metric: "accuracy", isLogarithmic: false, showsEarlier: true, earlier, ...change },
  });

test("an earlier run of the same network lies under the curve, with what it reached and cost", () => {
  const [curve] = imagePlotData(choosing({})).pinned;
  assert.deepEqual([curve.training, curve.test], [history.accuracy, history.val_accuracy]);
  assert.equal(curve.name, "images.plot.earlier_told 50.0% 2 images.minutes 39");
  assert.deepEqual(imagePlotData(choosing({ metric: "loss" })).pinned[0].test, history.val_loss);
});

test("it does not when nobody wants it, or when the network is another one", () => {
  assert.deepEqual(imagePlotData(choosing({ showsEarlier: false })).pinned, []);
  assert.deepEqual(imagePlotData(choosing({}, makeImageSpec())).pinned, []);
  assert.equal(plotChoicesData(choosing({}, makeImageSpec())).hasEarlier, false);
  assert.equal(plotChoicesData(choosing({})).hasEarlier, true);
});
