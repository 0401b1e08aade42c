/** Valid by default; a test overrides the one thing it is about. */

/** @typedef {import("../../static/js/state/spec.js").RunSpec} RunSpec */

/**
 * @param {Partial<RunSpec>} change
 * @returns {RunSpec & Record<string, any>}
 */
export function makeSpec(change = {}) {
  return {
    dataset: {
      name: "circle",
      samples: 500,
      noise: 0,
      train_fraction: 0.5,
      classes: 3,
      formula: null,
      x_min: -2,
      x_max: 2,
      points: [],
      images: null,
      split: "share",
      seed: 0,
    },
    features: ["x1", "x2"],
    layers: [
      { kind: "dense", units: 4, activation: "tanh" },
      { kind: "dense", units: 2, activation: "tanh" },
    ],
    augmentation: { shift: 0, rotate: 0, zoom: 0, flip: false, noise: 0 },
    base: null,
    loss: "auto",
    optimizer: {
      name: "sgd",
      learning_rate: 0.03,
      momentum: 0,
      nesterov: false,
      clip_norm: null,
      clip_value: null,
      schedule: { name: "constant", every_epochs: 50, factor: 0.5, epochs: 300, final_fraction: 0 },
    },
    regularization: { l1: 0, l2: 0 },
    batch_size: 10,
    epochs: null,
    early_stopping: null,
    seed: 0,
    ...change,
  };
}

/**
 * The server's answer for a run.
 * @param {Record<string, any>} change
 * @returns {any}
 */
export function makeAnswer(change = {}) {
  return {
    run_id: "r1",
    status: "paused",
    position: null,
    epoch: 0,
    step: 0,
    reason: null,
    reason_code: null,
    metrics: { loss: 0.7, val_loss: 0.71, accuracy: 0.5, val_accuracy: 0.49 },
    controls: { version: 0, learning_rate: 0.03, l1: 0, l2: 0, speed: 60, paused: true },
    spec: makeSpec(),
    weights_count: 25,
    ...change,
  };
}

/**
 * Columns of metrics for epochs from … to.
 * @param {number} from
 * @param {number} to
 * @returns {Record<string, (number | null)[]>}
 */
export function makeColumns(from, to) {
  const epoch = Array.from({ length: to - from + 1 }, (_unused, index) => from + index);
  return {
    epoch,
    step: epoch.map((each) => each * 25),
    loss: epoch.map((each) => 1 / each),
    val_loss: epoch.map((each) => 1.1 / each),
  };
}

/** Some of the data sets of a server. */
export const offered = [
  { name: "circle", title: "Circle", problem: "classification", samples: 500 },
  { name: "moons", title: "Moons", problem: "classification", samples: 500, kind: "plane", classes: 2 },
  {
    name: "blobs",
    title: "Blobs",
    problem: "classification",
    samples: 500,
    kind: "plane",
    classes: 3,
    limits: { classes: [2, 6] },
  },
  { name: "plane", title: "Plane", problem: "regression", samples: 1200, kind: "plane", classes: null },
  { name: "curve", title: "Curve", problem: "regression", samples: 200, kind: "curve", classes: null },
  { name: "digits", title: "Digits", problem: "classification", samples: 1797, kind: "image", classes: 10 },
];
