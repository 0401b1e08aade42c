/** Everything the playground page knows, and how it begins. */

import { divergingRamp } from "../core/color.js";
import { drawableDatasets } from "../state/datasets.js";
import { penaltyOf } from "../state/spec.js";
import { offerOf } from "../state/spec-schema.js";
import { codeAtFirst } from "./code/slice.js";
import { dataAtFirst } from "./data/slice.js";
import { helpAtFirst } from "./help/slice.js";
import { layersAtFirst } from "./layers/slice.js";
import { plotAtFirst } from "./plot/slice.js";
import { presetsAtFirst } from "./presets/slice.js";
import { qualityAtFirst } from "./quality/slice.js";
import { runsAtFirst } from "./runs/slice.js";
import { sharingAtFirst } from "./sharing/slice.js";
import { timeMachineAtFirst } from "./time-machine/slice.js";

/**
 * @typedef {import("../state/spec.js").RunSpec} RunSpec
 * @typedef {import("../state/run-reducer.js").Run} Run
 * @typedef {{features: number[][], labels: number[]}} Samples features: x1 and x2
 * @typedef {{layer: number, unit: number}} UnitKey
 */

/**
 * @typedef {object} ShownPicture of one moment: what is drawn and the weights it was computed from
 * @property {string} runId
 * @property {RunSpec} spec
 * @property {number} epoch
 * @property {"plane" | "curve"} kind
 * @property {number} size cells along one side of the plane, places along a curve
 * @property {Float32Array[]} outputs of each output unit: one of two classes -1 to 1, of several 0 to 1, numbers as they are
 * @property {Float32Array[]} large the outputs, or the hidden unit in focus
 * @property {UnitKey | null} focus
 * @property {number} tileSize
 * @property {Float32Array[][]} tiles [layer][unit], the outputs last; tileSize * tileSize, or as long as a curve
 * @property {import("../core/weights.js").LayerWeights[] | null} layers
 * @property {number} elapsedMs
 */

/**
 * @typedef {object} PageState
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {import("../views/color-scheme.js").Palette} palette
 * @property {Uint32Array} ramp
 * @property {import("../state/spec-schema.js").Offer} offer
 * @property {readonly import("../state/datasets.js").DatasetEntry[]} datasets those the page can draw
 * @property {RunSpec} spec what the controls show
 * @property {import("../state/spec.js").Penalty} penalty the kind may be chosen while the rate is 0
 * @property {string} activation of the next layer too
 * @property {number | null} speed
 * @property {Run | null} run
 * @property {boolean} isCreating a new run is on its way
 * @property {boolean} isWaiting the line to the server is cut
 * @property {boolean} isAsking no line to the server stays open: the page asks for what is new
 * @property {boolean} isAway the server does not answer: no run can be steered
 * @property {readonly string[]} problems parts of the server that are in trouble
 * @property {string | null} awaited run of a link that was opened while the server did not answer
 * @property {import("../transport/api.js").ApiError | null} trouble
 * @property {string | null} dismissed run whose notice was closed
 * @property {{showsTestData: boolean, isDiscrete: boolean, isLogarithmic: boolean}} display
 * @property {Record<string, Samples>} thumbnails by data set
 * @property {{train: Samples, val: Samples} | null} samples
 * @property {ShownPicture | null} picture
 * @property {import("../inference/self-check.js").Check | null} check
 * @property {string | null} failure why no picture can be drawn
 * @property {UnitKey | null} pointed
 * @property {UnitKey | null} pinned
 * @property {string | null} feature that is pointed at
 * @property {string} panel the tab that is open
 * @property {string | null} dialog name of the one that is open
 * @property {import("../state/spec-link.js").Book} book what the server publishes about specs, for links
 * @property {import("./data/slice.js").DataSlice} dataCard
 * @property {import("./time-machine/slice.js").TimeMachineSlice} timeMachine
 * @property {import("./quality/slice.js").QualitySlice} quality
 * @property {import("./layers/slice.js").LayersSlice} inside
 * @property {import("./runs/slice.js").RunsSlice} runs
 * @property {import("./plot/slice.js").PlotSlice} plot
 * @property {import("./code/slice.js").CodeSlice} code
 * @property {import("./sharing/slice.js").SharingSlice} sharing
 * @property {import("./presets/slice.js").PresetsSlice} presets
 * @property {import("./help/slice.js").HelpSlice} help
 */

/**
 * @param {{default: RunSpec, schema: any}} specAnswer
 * @param {{datasets: any[]}} datasetsAnswer
 * @param {import("../i18n/i18n.js").Translator} translator
 * @param {import("../views/color-scheme.js").Palette} palette
 * @returns {PageState}
 */
export function initialState(specAnswer, datasetsAnswer, translator, palette) {
  const spec = specAnswer.default;
  return {
    translator,
    palette,
    ramp: divergingRamp(palette.diverging),
    offer: offerOf(specAnswer.schema),
    datasets: drawableDatasets(datasetsAnswer.datasets),
    ...controlsOf(spec),
    speed: 60,
    run: null,
    isCreating: true,
    isWaiting: false,
    isAsking: false,
    problems: [],
    isAway: false,
    awaited: null,
    trouble: null,
    dismissed: null,
    display: { showsTestData: false, isDiscrete: false, isLogarithmic: false },
    thumbnails: {},
    samples: null,
    picture: null,
    check: null,
    failure: null,
    panel: "quality",
    dialog: null,
    book: { start: spec, schema: specAnswer.schema, datasets: drawableDatasets(datasetsAnswer.datasets) },
    timeMachine: timeMachineAtFirst,
    quality: qualityAtFirst,
    inside: layersAtFirst,
    runs: runsAtFirst,
    plot: plotAtFirst,
    code: codeAtFirst,
    sharing: sharingAtFirst,
    presets: presetsAtFirst,
    help: helpAtFirst,
  };
}

/** Another network has other units and inputs: nothing stays pointed at. */
export const nothingInFocus = Object.freeze({ pointed: null, pinned: null, feature: null });

/**
 * What the controls show for a spec that did not come from them: nothing stays of what was pointed at and half typed.
 * @param {RunSpec} spec
 * @returns {Pick<PageState, "spec" | "penalty" | "activation" | "dataCard" | "pointed" | "pinned" | "feature">}
 */
export function controlsOf(spec) {
  const activation = spec.layers[0]?.activation ?? "tanh";
  return { spec, penalty: penaltyOf(spec), activation, dataCard: dataAtFirst, ...nothingInFocus };
}

/**
 * A run may have been steered since it began: its newest controls are what counts.
 * @param {Run} run
 * @returns {Partial<PageState>}
 */
export function controlsOfRun(run) {
  if (!run.controls) return controlsOf(run.spec);
  const { learning_rate, l1, l2, speed } = run.controls;
  const optimizer = { ...run.spec.optimizer, learning_rate };
  const regularization = { ...run.spec.regularization, l1, l2 };
  return { ...controlsOf({ ...run.spec, optimizer, regularization }), speed };
}
