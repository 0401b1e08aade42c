/** What the server publishes about specs of pictures, as far as the page's pure parts need it. */

const integer = (/** @type {number} */ minimum, /** @type {number} */ maximum, /** @type {number} */ standard) => ({
  type: "integer",
  minimum,
  maximum,
  default: standard,
});
const activation = { enum: ["relu", "tanh", "sigmoid", "linear"], default: "tanh", type: "string" };
const padding = { enum: ["valid", "same"], default: "valid", type: "string" };
const number = (/** @type {number} */ maximum) => ({ type: "number", minimum: 0, maximum, default: 0 });

/** @param {string} kind @param {Record<string, any>} properties */
const layer = (kind, properties = {}) => ({ properties: { kind: { const: kind, type: "string" }, ...properties } });

/** @type {Record<string, any>} */
export const imageSchema = {
  properties: {
    dataset: {
      properties: {
        name: { enum: ["digits", "mnist", "own_images"], type: "string" },
        samples: integer(20, 100_000, 500),
        train_fraction: { type: "number", minimum: 0.1, maximum: 0.9, default: 0.5 },
        images: {
          anyOf: [
            {
              properties: {
                collection: { type: "string", maxLength: 32 },
                side: integer(8, 128, 64),
                channels: { enum: [1, 3], type: "integer", default: 3 },
                classes: integer(2, 1000, 2),
              },
            },
            { type: "null" },
          ],
          default: null,
        },
        split: { enum: ["share", "given"], type: "string", default: "share" },
        seed: integer(0, 2147483647, 0),
      },
    },
    layers: {
      maxItems: 32,
      items: {
        oneOf: [
          layer("dense", { units: integer(1, 1024, 4), activation }),
          layer("dropout", { rate: { type: "number", minimum: 0, maximum: 0.9, default: 0.2 } }),
          layer("batch_normalization", {
            momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.99 },
          }),
          layer("flatten"),
          layer("conv2d", {
            filters: integer(1, 256, 8),
            kernel_size: integer(1, 7, 3),
            strides: integer(1, 4, 1),
            padding,
            activation: { ...activation, default: "relu" },
          }),
          layer("max_pooling2d", { pool_size: integer(2, 4, 2), padding }),
          layer("average_pooling2d", { pool_size: integer(2, 4, 2), padding }),
          layer("global_average_pooling2d"),
        ],
      },
    },
    augmentation: {
      properties: {
        shift: number(0.5),
        rotate: number(180),
        zoom: number(0.5),
        flip: { type: "boolean", default: false },
        noise: number(0.5),
      },
    },
    optimizer: {
      properties: {
        name: { enum: ["sgd", "adagrad", "rmsprop", "adam"], type: "string" },
        learning_rate: { type: "number", minimum: 0, maximum: 10 },
      },
    },
    regularization: { properties: { l1: number(10), l2: number(10) } },
    batch_size: integer(1, 256, 10),
    epochs: { anyOf: [{ type: "integer", minimum: 1, maximum: 100_000 }, { type: "null" }], default: null },
    seed: integer(0, 2147483647, 0),
  },
};

/** @type {readonly any[]} */
export const imageEntries = [
  {
    name: "digits",
    title: "Digits",
    kind: "image",
    problem: "classification",
    classes: 10,
    samples: 1797,
    shape: [8, 8, 1],
  },
  {
    name: "mnist",
    title: "MNIST",
    kind: "image",
    problem: "classification",
    classes: 10,
    samples: 10_000,
    shape: [28, 28, 1],
    given: { train: 60_000, test: 10_000 },
    limits: { samples: [20, 70_000] },
    state: "ready",
  },
  { name: "own_images", title: "Own images", kind: "image", problem: "classification", classes: 2, samples: 500 },
];

/** @param {Record<string, any>} change @returns {any} */
export function makeImageSpec(change = {}) {
  return {
    dataset: { name: "digits", samples: 1797, noise: 0, train_fraction: 0.8, seed: 0, split: "share", images: null },
    features: ["x1", "x2"],
    layers: [{ kind: "flatten" }, { kind: "dense", units: 64, activation: "relu" }],
    loss: "auto",
    optimizer: { name: "adam", learning_rate: 0.001, momentum: 0, nesterov: false },
    regularization: { l1: 0, l2: 0 },
    augmentation: { shift: 0, rotate: 0, zoom: 0, flip: false, noise: 0 },
    base: null,
    batch_size: 32,
    epochs: 20,
    seed: 0,
    ...change,
  };
}

/** @type {any[]} */
export const imageNetworks = [
  { name: "dense", dataset: null, layers: [{ kind: "flatten" }, { kind: "dense", units: 64 }], epochs: 30 },
  {
    name: "small_cnn",
    dataset: null,
    layers: [{ kind: "conv2d", filters: 16, kernel_size: 3 }, { kind: "flatten" }],
    augmentation: { shift: 0.1 },
  },
  { name: "on_mnist", dataset: "mnist", layers: [{ kind: "flatten" }], earlier_run: "mnist_history" },
  { name: "on_all", dataset: { name: "mnist", samples: 70_000 }, layers: [{ kind: "flatten" }] },
];

/** @param {Record<string, any>} change @returns {any} own images that are ready */
export function makeCollection(change = {}) {
  return {
    collection: "a".repeat(20),
    state: "ready",
    shape: [48, 48, 3],
    classes: [
      { name: "cats", count: 60 },
      { name: "dogs", count: 40 },
    ],
    given: null,
    problems: [],
    expires: "2027-01-02T10:00:00Z",
    ...change,
  };
}
