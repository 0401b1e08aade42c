/** What the server publishes about specs, as far as links need it: small enough to be read, with every kind of setting. */

const dense = {
  properties: {
    kind: { const: "dense", default: "dense" },
    units: { type: "integer", minimum: 1, maximum: 1024, plane_maximum: 64, default: 4 },
    activation: { enum: ["relu", "tanh", "sigmoid", "linear"], default: "tanh", type: "string" },
  },
};
const dropout = {
  properties: { kind: { const: "dropout" }, rate: { type: "number", minimum: 0, maximum: 0.9, default: 0.2 } },
};
const normalization = {
  properties: {
    kind: { const: "batch_normalization" },
    momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.99 },
  },
};
const clip = {
  anyOf: [{ type: "number", exclusiveMinimum: 0, maximum: 1000 }, { type: "null" }],
  default: null,
};
const seed = { type: "integer", minimum: 0, maximum: 2147483647, default: 0 };
const count = { type: "integer", minimum: 1, maximum: 100000 };
const rate = { type: "number", minimum: 0, maximum: 10, default: 0 };
const coordinate = { type: "number", minimum: -6, maximum: 6 };
const point = {
  type: "array",
  prefixItems: [coordinate, coordinate, { type: "number", minimum: -10, maximum: 10 }],
};

/** @type {Record<string, any>} */
const definitions = {
  Dataset: {
    properties: {
      name: {
        enum: [
          "circle",
          "xor",
          "gauss",
          "spiral",
          "moons",
          "blobs",
          "points",
          "plane",
          "gauss_hills",
          "curve",
          "digits",
        ],
        default: "circle",
      },
      samples: { type: "integer", minimum: 20, maximum: 5000, default: 500 },
      noise: { type: "number", minimum: 0, maximum: 50, default: 0 },
      train_fraction: { type: "number", minimum: 0.1, maximum: 0.9, default: 0.5 },
      classes: { type: "integer", minimum: 2, maximum: 6, default: 3 },
      formula: { anyOf: [{ type: "string", maxLength: 100 }, { type: "null" }], default: null },
      points: { type: "array", items: point, maxItems: 14, default: [] },
      x_min: { type: "number", minimum: -10, maximum: 10, default: -2 },
      x_max: { type: "number", minimum: -10, maximum: 10, default: 2 },
      seed,
    },
  },
  Optimizer: {
    properties: {
      name: { enum: ["sgd", "adagrad", "rmsprop", "adam"], default: "sgd" },
      learning_rate: { type: "number", minimum: 0, maximum: 10, default: 0.03 },
      momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0 },
      nesterov: { type: "boolean", default: false },
      clip_norm: clip,
      clip_value: clip,
      schedule: { $ref: "#/$defs/Schedule" },
    },
  },
  Schedule: {
    properties: {
      name: { enum: ["constant", "step", "cosine"], default: "constant" },
      every_epochs: { ...count, default: 50 },
      factor: { type: "number", exclusiveMinimum: 0, maximum: 1, default: 0.5 },
      epochs: { ...count, default: 300 },
      final_fraction: { type: "number", minimum: 0, maximum: 1, default: 0 },
    },
  },
  Stopping: {
    properties: {
      metric: { enum: ["loss", "val_loss", "accuracy", "val_accuracy"], default: "val_loss" },
      patience: { ...count, default: 20 },
      restore_best: { type: "boolean", default: true },
    },
  },
};

const schema = {
  $defs: definitions,
  properties: {
    dataset: { $ref: "#/$defs/Dataset" },
    features: {
      type: "array",
      items: { enum: ["x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"] },
      default: ["x1", "x2"],
    },
    layers: {
      type: "array",
      items: { oneOf: [dense, dropout, normalization] },
      maxItems: 32,
      slider: { minimum: 0, maximum: 8, step: 1 },
    },
    loss: { enum: ["auto", "binary_crossentropy", "categorical_crossentropy", "mse", "mae", "huber"], default: "auto" },
    optimizer: { $ref: "#/$defs/Optimizer" },
    regularization: { properties: { l1: rate, l2: rate } },
    batch_size: { type: "integer", minimum: 1, maximum: 256, default: 10 },
    epochs: { anyOf: [count, { type: "null" }], default: null },
    early_stopping: { anyOf: [{ $ref: "#/$defs/Stopping" }, { type: "null" }], default: null },
    seed,
  },
};

const names = ["circle", "xor", "gauss", "spiral", "moons"];
const limits = { samples: [20, 5000], points: [0, 14] };
const datasets = [
  ...names.map((name) => ({
    name,
    title: name,
    kind: "plane",
    problem: "classification",
    classes: 2,
    samples: 500,
    limits,
  })),
  {
    ...{ name: "blobs", title: "blobs", kind: "plane", problem: "classification", classes: 3, samples: 500 },
    limits: { ...limits, classes: [2, 6] },
  },
  {
    ...{ name: "points", title: "points", kind: "plane", problem: "classification", classes: 3, samples: 500 },
    limits: { classes: [2, 6], points: [4, 14] },
  },
  ...["plane", "gauss_hills"].map((name) => ({
    ...{ name, title: name, kind: "plane", problem: "regression", classes: null, samples: 1200, limits },
  })),
  {
    ...{ name: "curve", title: "curve", kind: "curve", problem: "regression", classes: null, samples: 500 },
    limits: { samples: [20, 5000] },
    takes_formula: true,
  },
];

/** @type {any} */
const start = {
  dataset: {
    ...{ name: "circle", samples: 500, noise: 0, train_fraction: 0.5, classes: 3, formula: null, points: [], seed: 0 },
    ...{ x_min: -2, x_max: 2 },
  },
  features: ["x1", "x2"],
  layers: [
    { kind: "dense", units: 4, activation: "tanh" },
    { kind: "dense", units: 2, activation: "tanh" },
  ],
  loss: "auto",
  optimizer: {
    ...{ name: "sgd", learning_rate: 0.03, momentum: 0, nesterov: false, clip_norm: null, clip_value: null },
    schedule: { name: "constant", every_epochs: 50, factor: 0.5, epochs: 300, final_fraction: 0 },
  },
  regularization: { l1: 0, l2: 0 },
  batch_size: 10,
  epochs: null,
  early_stopping: null,
  seed: 0,
};

/** @type {import("../../../static/js/state/spec-link.js").Book} */
export const book = { start, schema, datasets };
