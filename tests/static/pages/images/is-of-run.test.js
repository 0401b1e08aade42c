import assert from "node:assert/strict";
import { test } from "node:test";
import { classNamesOf, classNamesOfRun } from "../../../../static/js/pages/images/class-names.js";
import { answerData } from "../../../../static/js/pages/images/draw/view-data.js";
import { isOfRun } from "../../../../static/js/pages/images/is-of-run.js";
import { specChange } from "../../../../static/js/pages/images/spec-intents.js";
import { makeCollection } from "../../state/image-book.js";
import { makeImageRun, makeImagesState, makePictures } from "./images-state.js";

const picture = new Uint8Array(64);
const answer = { shares: [1], picture, elapsedMs: 1 };
const draw = { strokes: [], photo: null, sample: null, picture, answer, camera: "off" };

test("a network says nothing under the names of a set it has not learned from", () => {
  const model = { epoch: 1, failure: null };
  const before = makeImagesState({ run: makeImageRun(), draw, model });
  const after = { ...before, ...specChange(before, { type: "change", name: "dataset", value: "mnist" }) };
  assert.deepEqual([isOfRun(before), answerData(before).shares], [true, [1]]);
  assert.deepEqual([isOfRun(after), answerData(after).shares], [false, null]);
  assert.equal(answerData(after).sentence, "images.answer.no_run");
});

test("the test pictures of a run keep the names of its own set", () => {
  const samples = { train: makePictures(), val: makePictures() };
  const data = { ...makeImagesState().data, collections: [makeCollection()] };
  const before = makeImagesState({ run: makeImageRun(), data });
  const key = `own:${makeCollection().collection}`;
  const after = { ...before, ...specChange(before, { type: "change", name: "dataset", value: key }), samples };
  assert.deepEqual(classNamesOf(after), ["cats", "dogs"]);
  assert.deepEqual(classNamesOfRun(after), classNamesOf(before));
  assert.equal(classNamesOfRun(after), classNamesOfRun(after));
});

test("own images that were chosen while they were prepared are known once they are ready", () => {
  const preparing = makeCollection({ state: "preparing", classes: [], shape: null });
  const before = makeImagesState({ data: { ...makeImagesState().data, collections: [preparing] } });
  const value = `own:${preparing.collection}`;
  const chosen = { ...before, ...specChange(before, { type: "change", name: "dataset", value }) };
  const ready = { ...chosen, ...specChange(chosen, { type: "collections", collections: [makeCollection()] }) };
  assert.deepEqual([chosen.spec.dataset.images.classes, ready.spec.dataset.images.classes], [0, 2]);
});
