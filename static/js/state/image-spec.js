/** Specs of picture networks, and changes of them: each gives a new spec and leaves the old one as it was. */

/**
 * @typedef {object} Augmentation how training pictures are changed, anew in each epoch
 * @property {number} shift share of a side
 * @property {number} rotate degrees
 * @property {number} zoom share
 * @property {boolean} flip left and right
 * @property {number} noise
 */

/**
 * @typedef {object} ImageDatasetSpec
 * @property {string} name
 * @property {number} samples
 * @property {number} noise
 * @property {number} train_fraction
 * @property {number} seed
 * @property {"share" | "given"} [split]
 * @property {OwnImages | null} [images] own images only
 */

/** @typedef {{collection: string, side: number, channels: number, classes: number}} OwnImages */

/** @typedef {{kind?: string} & Record<string, any>} ImageLayer */

/**
 * @typedef {object} ImageSpec a RunSpec of pictures; fields the page does not know are kept
 * @property {ImageDatasetSpec} dataset
 * @property {string[]} features
 * @property {readonly ImageLayer[]} layers
 * @property {string} loss
 * @property {import("./spec.js").OptimizerSpec} optimizer
 * @property {{l1: number, l2: number}} regularization
 * @property {number} batch_size
 * @property {number | null} epochs
 * @property {Augmentation} augmentation
 * @property {{name: string, width: number, size: number, unfrozen: number} | null} [base] what the layers stand on, if anything
 * @property {import("./spec.js").StoppingSpec | null} [early_stopping]
 * @property {number} seed
 */

/** What the server takes where a layer is silent. @type {Readonly<Record<string, Record<string, unknown>>>} */
export const usualLayers = Object.freeze({
  conv2d: { strides: 1, padding: "valid", activation: "relu" },
  max_pooling2d: { pool_size: 2, padding: "valid" },
  average_pooling2d: { pool_size: 2, padding: "valid" },
  batch_normalization: { momentum: 0.99 },
  dense: { activation: "tanh" },
});

/** What a layer is when it has just been added. @type {Readonly<Record<string, ImageLayer>>} */
export const freshLayers = Object.freeze({
  conv2d: { kind: "conv2d", filters: 16, kernel_size: 3, strides: 1, padding: "same", activation: "relu" },
  max_pooling2d: { kind: "max_pooling2d", pool_size: 2, padding: "valid" },
  average_pooling2d: { kind: "average_pooling2d", pool_size: 2, padding: "valid" },
  flatten: { kind: "flatten" },
  global_average_pooling2d: { kind: "global_average_pooling2d" },
  batch_normalization: { kind: "batch_normalization", momentum: 0.99 },
  dropout: { kind: "dropout", rate: 0.2 },
  dense: { kind: "dense", units: 32, activation: "relu" },
});

export const layerKinds = Object.freeze(Object.keys(freshLayers));

/** No change of any picture. @type {Readonly<Augmentation>} */
export const noAugmentation = Object.freeze({ shift: 0, rotate: 0, zoom: 0, flip: false, noise: 0 });

/**
 * @param {ImageSpec} spec
 * @param {readonly ImageLayer[]} layers
 * @returns {ImageSpec}
 */
export const withLayers = (spec, layers) => ({ ...spec, layers });

/**
 * @param {ImageSpec} spec
 * @param {number} place 0 for the first
 * @param {string} kind
 * @returns {ImageSpec}
 */
export function withAddedLayer(spec, place, kind) {
  return withLayers(spec, [...spec.layers.slice(0, place), { ...freshLayers[kind] }, ...spec.layers.slice(place)]);
}

/**
 * @param {ImageSpec} spec
 * @param {number} place
 * @returns {ImageSpec}
 */
export function withoutLayer(spec, place) {
  return withLayers(
    spec,
    spec.layers.filter((_layer, index) => index !== place),
  );
}

/**
 * @param {ImageSpec} spec
 * @param {number} from
 * @param {number} to place it has afterwards
 * @returns {ImageSpec} the same spec when there is no such place
 */
export function withMovedLayer(spec, from, to) {
  if (to < 0 || to >= spec.layers.length) return spec;
  const layers = [...spec.layers];
  layers.splice(to, 0, ...layers.splice(from, 1));
  return withLayers(spec, layers);
}

/**
 * @param {ImageSpec} spec
 * @param {number} place
 * @param {Record<string, unknown>} change of one layer
 * @returns {ImageSpec}
 */
export function withChangedLayer(spec, place, change) {
  return withLayers(
    spec,
    spec.layers.map((layer, index) => (index === place ? { ...layer, ...change } : layer)),
  );
}

/**
 * @param {ImageSpec} spec
 * @param {Partial<Augmentation>} change
 * @returns {ImageSpec}
 */
export function withAugmentation(spec, change) {
  return { ...spec, augmentation: { ...noAugmentation, ...spec.augmentation, ...change } };
}

/**
 * @param {Augmentation | null | undefined} augmentation
 * @returns {boolean} some picture is changed
 */
export function isAugmenting(augmentation) {
  const { shift, rotate, zoom, flip, noise } = augmentation ?? noAugmentation;
  return flip || shift + rotate + zoom + noise > 0;
}
