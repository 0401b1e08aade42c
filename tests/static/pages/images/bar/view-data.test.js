import assert from "node:assert/strict";
import { test } from "node:test";
import {
  imageControlsData,
  imageNoticeData,
  imageNumbersData,
} from "../../../../../static/js/pages/images/bar/view-data.js";
import { galleryData } from "../../../../../static/js/pages/images/data/view-data.js";
import { transferAtFirst } from "../../../../../static/js/pages/images/transfer/slice.js";
import { ApiError } from "../../../../../static/js/transport/api.js";
import { imageEntries, makeImageSpec } from "../../../state/image-book.js";
import { impossibleLayers, makeImageRun, makeImagesState } from "../images-state.js";

test("what keeps settings from being trained is said where the run says what it does, and Run waits", () => {
  const impossible = makeImagesState({ run: makeImageRun(), spec: makeImageSpec({ layers: impossibleLayers }) });
  assert.equal(imageNumbersData(impossible).sentence, "images.obstacle.shape");
  assert.equal(imageControlsData(impossible).isReady, false);
  const possible = makeImagesState({ run: makeImageRun() });
  assert.equal(imageNumbersData(possible).sentence, "status.running");
  assert.deepEqual([imageControlsData(possible).isReady, imageControlsData(possible).offersPause], [true, true]);
});

test("pictures that are not there cannot be trained on, and no others stand in their place", () => {
  const datasets = imageEntries.map((entry) => ({ ...entry, state: "missing" }));
  const state = makeImagesState({ datasets, run: makeImageRun() });
  assert.equal(imageNumbersData(state).sentence, "images.obstacle.data");
  assert.equal(galleryData(state).isHidden, true);
});

test("the numbers are those of the newest epoch, and none before there is a run", () => {
  const { epoch, loss, valAccuracy } = imageNumbersData(makeImagesState({ run: makeImageRun() }));
  assert.deepEqual([epoch, loss, valAccuracy], [3, 0.5, 0.7]);
  assert.deepEqual([imageNumbersData(makeImagesState()).epoch, imageNumbersData(makeImagesState()).loss], [0, null]);
});

test("a network that is too large is refused in the reader's language, with what it would need", () => {
  const problems = [{ field: "layers", code: "too_much_memory", message: "In English.", received: 1600 }];
  const trouble = new ApiError("In English.", { code: "invalid_spec", status: 422, problems });
  assert.equal(imageNoticeData(makeImagesState({ trouble })).notice?.text, "notice.too_much_memory 1,600");
});

test("a base that is wanted and not there keeps Run waiting", () => {
  const transfer = { ...transferAtFirst, isWanted: true };
  const state = makeImagesState({ transfer, run: makeImageRun() });
  assert.equal(imageNumbersData(state).sentence, "images.obstacle.base");
  assert.equal(imageControlsData(state).isReady, false);
});

test("a run that has finished interrupts nobody; what went wrong does, and the place in line is told", () => {
  assert.equal(imageNoticeData(makeImagesState({ run: makeImageRun({ status: "finished" }) })).notice, null);
  const trouble = new ApiError("The server is full.", { code: "full", status: 503 });
  assert.equal(imageNoticeData(makeImagesState({ trouble })).notice?.text, "The server is full.");
  const diverged = makeImageRun({ status: "failed", reasonCode: "diverged" });
  assert.equal(imageNoticeData(makeImagesState({ run: diverged })).notice?.act?.intent, "calmer");
  const queued = imageNumbersData(makeImagesState({ run: makeImageRun({ status: "queued", position: 4 }) }));
  assert.deepEqual([queued.sentence, queued.ahead, queued.isInLine], ["status.queued_behind", 3, true]);
});
