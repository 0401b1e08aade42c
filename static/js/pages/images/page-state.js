/**
 * Everything the image page knows, and how it begins. The rooms that draw, look inside, measure, take home and transfer rely
 * on `run`, `spec`, `datasets`, `samples` and `model`, as they are described here.
 */

import { divergingRamp } from "../../core/color.js";
import { imageDatasets } from "../../state/image-datasets.js";
import { firstNetwork, firstSpec } from "../../state/image-networks.js";
import { offerOf } from "../../state/spec-schema.js";
import { augmentationAtFirst } from "./augmentation/slice.js";
import { dataAtFirst } from "./data/slice.js";
import { drawAtFirst } from "./draw/slice.js";
import { insideAtFirst } from "./inside/slice.js";
import { qualityAtFirst } from "./quality/slice.js";
import { takeHomeAtFirst } from "./take-home/slice.js";
import { trainingAtFirst } from "./training/slice.js";
import { transferAtFirst } from "./transfer/slice.js";

/**
 * @typedef {import("../../state/run-reducer.js").Run} Run
 * @typedef {import("../../state/image-spec.js").ImageSpec} ImageSpec
 * @typedef {import("../../state/image-datasets.js").ImageDataset} ImageDataset
 * @typedef {import("../../transport/image-api.js").Pictures} Pictures
 */

/**
 * @typedef {object} ModelState the network that answers in this browser; set by the session of the picture answers
 * @property {string} runId
 * @property {number} epoch of its weights
 * @property {number} version another one for all other weights
 * @property {import("../../inference/image-network.js").NetworkInfo | null} info null when it could not be loaded
 * @property {string | null} failure why it does not answer
 * @property {import("../../inference/self-check.js").Check | null} check how it compares with Keras
 */

/**
 * @typedef {object} ImagesState
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {import("../../views/color-scheme.js").Palette} palette
 * @property {Uint32Array} ramp
 * @property {import("../../state/spec-schema.js").Offer} offer
 * @property {import("../../state/image-link.js").ImageBook} book what the server publishes about specs, for links
 * @property {readonly ImageDataset[]} datasets those of pictures
 * @property {readonly import("../../state/image-networks.js").ImageNetwork[]} networks ready-made ones, simplest first
 * @property {ImageSpec} spec what the controls show; `dataset.images` says what own images are
 * @property {null} speed epochs a second: always as fast as possible
 * @property {Run | null} run the run that is shown: its `spec`, `epoch`, `status`, `metrics`, `history`, `frame`, `progress`
 * @property {boolean} isCreating a new run is on its way: controls and run may be of two networks
 * @property {boolean} isWaiting the line to the server is cut
 * @property {boolean} isAsking no line to the server stays open: the page asks for what is new
 * @property {boolean} isAway the server does not answer: no run can be steered
 * @property {readonly string[]} problems parts of the server that are in trouble
 * @property {string | null} awaited run of a link that was opened while the server did not answer
 * @property {import("../../transport/api.js").ApiError | null} trouble
 * @property {string | null} dismissed run whose notice was closed
 * @property {{train: Pictures, val: Pictures} | null} samples the first 64 of each share, without augmentation, of the data set
 *   of `spec`; null until they are there, and while the data set is missing
 * @property {ModelState | null} model
 * @property {string} panel the tab that is open below: "quality", "inside", "transfer" or "take-home"
 * @property {string | null} networkName the ready-made network that was chosen last
 * @property {import("./data/slice.js").DataSlice} data
 * @property {import("./augmentation/slice.js").AugmentationSlice} augmented
 * @property {import("./training/slice.js").TrainingSlice} training
 * @property {import("./draw/slice.js").DrawSlice} draw the picture everybody looks at, and the answer to it
 * @property {import("./inside/slice.js").InsideSlice} inside
 * @property {import("./quality/slice.js").QualitySlice} quality
 * @property {import("./take-home/slice.js").TakeHomeSlice} takeHome
 * @property {import("./transfer/slice.js").TransferSlice} transfer
 */

/**
 * @param {{default: any, schema: any}} specAnswer
 * @param {{datasets: any[]}} datasetsAnswer
 * @param {readonly import("../../state/image-networks.js").ImageNetwork[]} networks
 * @param {import("../../i18n/i18n.js").Translator} translator
 * @param {import("../../views/color-scheme.js").Palette} palette
 * @returns {ImagesState}
 */
export function initialState(specAnswer, datasetsAnswer, networks, translator, palette) {
  const datasets = imageDatasets(datasetsAnswer.datasets);
  const spec = firstSpec(specAnswer.default, datasets, networks);
  return {
    translator,
    palette,
    ramp: divergingRamp(palette.diverging),
    offer: offerOf(specAnswer.schema),
    book: { start: spec, schema: specAnswer.schema, datasets },
    datasets,
    networks,
    spec,
    speed: null,
    run: null,
    isCreating: true,
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
    networkName: firstNetwork(networks).name,
    data: dataAtFirst,
    augmented: augmentationAtFirst,
    training: trainingAtFirst,
    draw: drawAtFirst,
    inside: insideAtFirst,
    quality: qualityAtFirst,
    takeHome: takeHomeAtFirst,
    transfer: transferAtFirst,
  };
}

/**
 * A run may have been steered since it began: its newest controls are what counts.
 * @param {Run} run
 * @returns {Partial<ImagesState>}
 */
export function controlsOfRun(run) {
  const spec = /** @type {ImageSpec} */ (/** @type {unknown} */ (run.spec));
  if (!run.controls) return { spec, networkName: null };
  const { learning_rate, l1, l2 } = run.controls;
  const optimizer = { ...spec.optimizer, learning_rate };
  return { spec: { ...spec, optimizer, regularization: { ...spec.regularization, l1, l2 } }, networkName: null };
}
