import assert from "node:assert/strict";
import { test } from "node:test";
import { dataChanges } from "../../../../../static/js/pages/images/data/changes.js";
import {
  datasetCardsData,
  galleryData,
  missingData,
  ownImagesData,
  sharesData,
} from "../../../../../static/js/pages/images/data/view-data.js";
import { obstacleOf } from "../../../../../static/js/pages/images/obstacle.js";
import { withCollection } from "../../../../../static/js/state/image-networks.js";
import { imageEntries, makeCollection, makeImageSpec } from "../../../state/image-book.js";
import { impossibleLayers, makeImagesState, makePictures, sayingKeys } from "../images-state.js";

const missingMnist = imageEntries.map((entry) =>
  entry.name === "mnist" ? { ...entry, state: "missing", given: null, download_mb: 11.4 } : entry,
);
const data = { ...makeImagesState().data, collections: [makeCollection()] };
const choose = (/** @type {any} */ state, /** @type {string} */ key) => ({
  ...state,
  ...dataChanges.dataset(state, key),
});
const own = `own:${"a".repeat(20)}`;

test("each set and each own collection has a card, and own images can be added", () => {
  const { cards, chosen } = datasetCardsData(makeImagesState({ data }));
  assert.deepEqual(
    cards.map(({ key, about }) => [key, about]),
    [
      ["digits", "images.set.about 1,797 8×8×1"],
      ["mnist", "images.set.about 70,000 28×28×1"],
      [own, "images.set.about 100 48×48×3"],
      ["own", "images.own.add.about"],
    ],
  );
  assert.equal(chosen, "digits");
});

test("a missing set says how large it is and cannot be trained until it is there", () => {
  const state = choose(makeImagesState({ datasets: missingMnist }), "mnist");
  assert.deepEqual(missingData(state), {
    isHidden: false,
    text: "images.get.about",
    detail: "",
    button: "images.get 11",
    isBusy: false,
    progress: null,
  });
  assert.equal(obstacleOf(state), "data");
  assert.equal(missingData(makeImagesState()).isHidden, true);
});

test("the server's own sentence about a set comes first, and its progress is shown", () => {
  const datasets = missingMnist.map((entry) => ({ ...entry, state: "preparing", progress: 0.4, message: "Reading." }));
  const shown = missingData(choose(makeImagesState({ datasets }), "mnist"));
  assert.deepEqual([shown.text, shown.isBusy, shown.progress], ["Reading.", true, 0.4]);
});

test("why a set could not be got is said in the reader's language, then as the server says it", () => {
  const failed = { state: "failed", message: "MNIST cannot be reached.", code: "out_of_reach" };
  const datasets = missingMnist.map((entry) => ({ ...entry, ...failed }));
  const translator = { ...sayingKeys, orElse: (/** @type {string} */ key) => key };
  const shown = missingData(choose(makeImagesState({ datasets, translator }), "mnist"));
  assert.deepEqual([shown.text, shown.detail], ["images.refusal.out_of_reach", failed.message]);
});

test("a refusal that no language knows is told as the server says it, alone", () => {
  const refusal = { code: "new_one", message: "Nobody expected this." };
  const state = makeImagesState({ data: { ...data, refusal } });
  assert.deepEqual(ownImagesData(state).refusal, { text: refusal.message, detail: "" });
  assert.equal(ownImagesData(state).refusal, ownImagesData(state).refusal);
  assert.deepEqual(ownImagesData(makeImagesState({ data })).refusal, { text: "", detail: "" });
});

test("a set that has just come is shared out as it came, unless somebody chose otherwise", () => {
  const before = choose(makeImagesState({ datasets: missingMnist }), "mnist");
  const there = { ...before, ...dataChanges.datasets(before, { datasets: imageEntries }) };
  assert.deepEqual([there.spec.dataset.split, obstacleOf(there)], ["given", null]);
  const picked = { ...before, ...dataChanges.samples(before, 500) };
  assert.equal(dataChanges.datasets(picked, { datasets: imageEntries }).spec, undefined);
});

test("own images are trained on when they are ready, and gone with their collection", () => {
  const state = choose(makeImagesState({ data }), own);
  assert.deepEqual([state.spec.dataset.name, state.spec.dataset.samples, obstacleOf(state)], ["own_images", 100, null]);
  const gone = { ...state, ...dataChanges.collections(state, { collections: [] }) };
  assert.equal(obstacleOf(gone), "data");
});

test("a network whose layers do not fit cannot be trained", () => {
  assert.equal(obstacleOf(makeImagesState({ spec: makeImageSpec({ layers: impossibleLayers }) })), "shape");
});

test("while own images are brought, their place is open and the settings stay", () => {
  const state = makeImagesState();
  const adding = choose(state, "own");
  assert.deepEqual(
    [adding.spec, ownImagesData(adding).isAdding, missingData(adding).isHidden],
    [state.spec, true, true],
  );
  assert.equal(choose(adding, "digits").data.isAdding, false);
});

test("own images tell what is going on, what could not be read and how long they are kept", () => {
  const problems = [{ file: "cats/broken.jpg", message: "It is no picture." }];
  const spec = withCollection(makeImageSpec(), makeCollection());
  const shown = ownImagesData(
    makeImagesState({ spec, data: { ...data, collections: [makeCollection({ problems })] } }),
  );
  assert.deepEqual(
    [shown.canDelete, shown.problems, shown.expires],
    [true, problems, "images.own.expires January 2, 2027"],
  );
  const sending = { ...data, sending: { phase: "sending", share: 0.3 } };
  const busy = ownImagesData(makeImagesState({ data: sending }));
  assert.deepEqual([busy.isBusy, busy.isSending, busy.state, busy.progress], [true, true, "images.own.sending", 0.3]);
});

test("the samples go up to all there are, and a split is offered only where there is one", () => {
  const mnist = choose(makeImagesState(), "mnist");
  const shown = sharesData(mnist);
  assert.deepEqual([shown.sampleSteps.at(-1), shown.hasGiven, shown.isGiven], [70_000, true, true]);
  assert.equal(shown.counts, "images.shares 8,571 1,429");
  assert.equal(sharesData(makeImagesState()).hasGiven, false);
});

test("the gallery has a row for each class with its samples and how many there are", () => {
  const samples = { train: makePictures(), val: makePictures() };
  const { rows, isCounted } = galleryData(makeImagesState({ samples }));
  assert.deepEqual(rows, [
    { name: "cats", places: [0, 3], share: 1, count: "2" },
    { name: "dogs", places: [1, 2], share: 1, count: "2" },
  ]);
  assert.equal(isCounted, false);
  const spec = withCollection(makeImageSpec(), makeCollection());
  const counted = galleryData(makeImagesState({ samples, data, spec }));
  assert.deepEqual([counted.isCounted, counted.rows.map(({ count }) => count)], [true, ["60", "40"]]);
});
