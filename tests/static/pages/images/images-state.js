/** The state of the image page as a test needs it: valid by default. */

import { createTranslator } from "../../../../static/js/i18n/i18n.js";
import { augmentationAtFirst } from "../../../../static/js/pages/images/augmentation/slice.js";
import { dataAtFirst } from "../../../../static/js/pages/images/data/slice.js";
import { trainingAtFirst } from "../../../../static/js/pages/images/training/slice.js";
import { transferAtFirst } from "../../../../static/js/pages/images/transfer/slice.js";
import { offerOf } from "../../../../static/js/state/spec-schema.js";
import { imageEntries, imageNetworks, imageSchema, makeImageSpec } from "../../state/image-book.js";

/** A translator that says the key and what was filled in. */
export const sayingKeys = {
  ...createTranslator("en", {}),
  t: (/** @type {string} */ key, /** @type {Record<string, any>} */ params = {}) =>
    [key, ...Object.values(params)].join(" "),
};

/** @param {Record<string, any>} change @returns {any} */
export function makeImagesState(change = {}) {
  const spec = makeImageSpec();
  return {
    translator: sayingKeys,
    palette: { plot: {} },
    offer: offerOf(imageSchema),
    book: { start: makeImageSpec(), schema: imageSchema, datasets: imageEntries },
    datasets: imageEntries,
    networks: imageNetworks,
    spec,
    speed: null,
    run: null,
    isCreating: false,
    isWaiting: false,
    isAsking: false,
    isAway: false,
    problems: [],
    awaited: null,
    trouble: null,
    dismissed: null,
    samples: null,
    model: null,
    panel: "quality",
    networkName: "dense",
    data: dataAtFirst,
    augmented: augmentationAtFirst,
    training: trainingAtFirst,
    transfer: transferAtFirst,
    ...change,
  };
}

/** A few pictures of two classes. @param {Record<string, any>} change @returns {any} */
export function makePictures(change = {}) {
  const labels = [0, 1, 1, 0];
  return {
    shape: [8, 8, 1],
    total: 100,
    start: 0,
    labels,
    pictures: new Uint8Array(labels.length * 64),
    classNames: ["cats", "dogs"],
    ...change,
  };
}

/** @param {Record<string, any>} change @returns {any} a run of pictures */
export function makeImageRun(change = {}) {
  return {
    runId: "r1",
    spec: makeImageSpec(),
    status: "running",
    position: null,
    epoch: 3,
    step: 30,
    reason: null,
    reasonCode: null,
    metrics: { loss: 0.5, val_loss: 0.6, accuracy: 0.8, val_accuracy: 0.7 },
    history: {
      epoch: [1, 2, 3],
      loss: [2, 1, 0.5],
      val_loss: [2, 1, 0.6],
      accuracy: [0.1, 0.5, 0.8],
      val_accuracy: [0.1, 0.5, 0.7],
    },
    batches: { epoch: [], loss: [], accuracy: [] },
    progress: null,
    controls: null,
    frame: null,
    gradients: null,
    weightsCount: 5000,
    ...change,
  };
}

/** An impossible network: a dense layer that gets a picture. */
export const impossibleLayers = Object.freeze([{ kind: "dense", units: 4, activation: "relu" }]);
