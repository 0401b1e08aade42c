/** What the server accepts, read from the JSON Schema it publishes, so that no limit is written twice. */

/** @typedef {Record<string, any>} Schema */

/**
 * @typedef {object} Limits
 * @property {number} minimum
 * @property {number} maximum
 * @property {number} step
 */

/**
 * Follows references and looks into alternatives.
 * @param {Schema} root
 * @param {Schema | undefined} node
 * @returns {Schema[]} the node itself and every schema it stands for
 */
export function meanings(root, node) {
  if (!node) return [];
  const referred = node.$ref ? root.$defs?.[node.$ref.split("/").at(-1)] : undefined;
  const others = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? []), ...(referred ? [referred] : [])];
  return [node, ...others.flatMap((other) => meanings(root, other))];
}

/**
 * @param {Schema} root
 * @param {Schema} node
 * @param {string} name property name; "[]" for the items of a list, "[dense]" for the items of that kind
 * @returns {Schema[]}
 */
function inside(root, node, name) {
  const kind = name.match(/^\[(\w*)\]$/)?.[1];
  if (kind === undefined) return meanings(root, node.properties?.[name]);
  const items = meanings(root, node.items);
  return kind === "" ? items : items.filter(({ properties }) => properties?.kind?.const === kind);
}

/**
 * @param {Schema} root
 * @param {readonly string[]} path see inside
 * @returns {Schema[]} every schema that describes that place
 */
function schemasAt(root, path) {
  return path.reduce((nodes, name) => nodes.flatMap((node) => inside(root, node, name)), meanings(root, root));
}

/**
 * What a slider should offer: the server's proposal for sliders where it makes one, else everything it accepts.
 * @param {Schema} root
 * @param {readonly string[]} path
 * @param {{minimum: number, maximum: number, step?: number}} otherwise used where the schema is silent
 * @returns {Limits}
 */
export function limitsOf(root, path, otherwise) {
  const nodes = schemasAt(root, path);
  return limitsAmong([...nodes.flatMap((node) => (node.slider ? [node.slider] : [])), ...nodes], otherwise);
}

/**
 * Everything the server accepts, for a field that takes typed numbers.
 * @param {Schema} root
 * @param {readonly string[]} path
 * @param {{minimum: number, maximum: number, step?: number}} otherwise used where the schema is silent
 * @returns {Limits}
 */
export function fullLimitsOf(root, path, otherwise) {
  return limitsAmong(schemasAt(root, path), otherwise);
}

/**
 * A bound that is itself refused is kept at one step's distance.
 * @param {Schema[]} nodes the first one that says something counts
 * @param {{minimum: number, maximum: number, step?: number}} otherwise
 * @returns {Limits}
 */
function limitsAmong(nodes, otherwise) {
  const values = (/** @type {string[]} */ ...keys) => nodes.flatMap((node) => keys.map((key) => node[key]));
  const first = (/** @type {any[]} */ ...found) => found.flat().find((value) => typeof value === "number");
  const step = first(values("step", "multipleOf")) ?? otherwise.step ?? 1;
  const above = values("exclusiveMinimum").map((bound) => (typeof bound === "number" ? bound + step : bound));
  const below = values("exclusiveMaximum").map((bound) => (typeof bound === "number" ? bound - step : bound));
  return {
    minimum: first(values("minimum", "minItems"), above) ?? otherwise.minimum,
    maximum: first(values("maximum", "maxItems"), below) ?? otherwise.maximum,
    step,
  };
}

/**
 * @param {Schema} root
 * @param {readonly string[]} path
 * @param {readonly string[]} otherwise used where the schema is silent
 * @returns {string[]} the words allowed at that place
 */
export function choicesOf(root, path, otherwise) {
  const nodes = schemasAt(root, path);
  const words = nodes.flatMap((node) => node.enum ?? (node.const === undefined ? [] : [node.const]));
  return words.length ? [...new Set(words)] : [...otherwise];
}

/**
 * @param {Schema} root
 * @param {readonly string[]} path of an object
 * @param {Record<string, any>} otherwise used where the schema is silent
 * @returns {Record<string, any>} what its fields are when nobody says anything
 */
function defaultsOf(root, path, otherwise) {
  const fields = schemasAt(root, path).flatMap(({ properties = {} }) => Object.entries(properties));
  const known = fields.filter(([, field]) => field.default !== undefined).map(([name, field]) => [name, field.default]);
  return { ...otherwise, ...Object.fromEntries(known) };
}

/**
 * @typedef {object} LearningOffer what the settings of how a network learns may be
 * @property {Limits} momentum
 * @property {Limits} clip
 * @property {Limits} scheduleEvery
 * @property {Limits} scheduleFactor
 * @property {Limits} scheduleEpochs
 * @property {Limits} scheduleFinal
 * @property {Limits} patience
 * @property {Limits} minDelta
 * @property {Limits} epochs
 * @property {Limits} batchSize every size, not only those of the slider
 * @property {Limits} seed
 * @property {string[]} schedules
 * @property {string[]} stoppingMetrics
 * @property {{metric: string, patience: number, min_delta: number, restore_best: boolean}} earlyStopping at first
 */

/**
 * @typedef {object} Offer everything the controls may offer
 * @property {Limits} trainFraction
 * @property {Limits} noise
 * @property {Limits} batchSize
 * @property {Limits} layers
 * @property {Limits} units
 * @property {Limits} learningRate
 * @property {Limits} penaltyRate
 * @property {string[]} activations
 * @property {string[]} optimizers
 * @property {LearningOffer} learning
 */

/**
 * @param {Schema} schema of a spec
 * @returns {Offer}
 */
export function offerOf(schema) {
  return {
    trainFraction: limitsOf(schema, ["dataset", "train_fraction"], { minimum: 0.1, maximum: 0.9, step: 0.1 }),
    noise: limitsOf(schema, ["dataset", "noise"], { minimum: 0, maximum: 50, step: 5 }),
    batchSize: limitsOf(schema, ["batch_size"], { minimum: 1, maximum: 30 }),
    layers: limitsOf(schema, ["layers"], { minimum: 0, maximum: 8 }),
    units: limitsOf(schema, ["layers", "[dense]", "units"], { minimum: 1, maximum: 16 }),
    learningRate: limitsOf(schema, ["optimizer", "learning_rate"], { minimum: 1e-5, maximum: 10 }),
    penaltyRate: limitsOf(schema, ["regularization", "l2"], { minimum: 0, maximum: 10 }),
    activations: choicesOf(schema, ["layers", "[dense]", "activation"], ["relu", "tanh", "sigmoid", "linear"]),
    optimizers: choicesOf(schema, ["optimizer", "name"], ["sgd", "adagrad", "rmsprop", "adam"]),
    learning: learningOfferOf(schema),
  };
}

/** Where the schema is silent: what every server has taken so far. */
const firstStopping = Object.freeze({ metric: "val_loss", patience: 20, min_delta: 0, restore_best: true });
const anyEpochs = Object.freeze({ minimum: 1, maximum: 100_000 });

/**
 * @param {Schema} schema of a spec
 * @returns {LearningOffer}
 */
function learningOfferOf(schema) {
  const limits = (/** @type {string} */ place, /** @type {number[]} */ [minimum, maximum, step]) =>
    fullLimitsOf(schema, place.split("."), { minimum, maximum, step });
  const epochs = (/** @type {string[]} */ ...path) => fullLimitsOf(schema, path, anyEpochs);
  const shares = [0, 1, 0.01];
  return {
    momentum: limits("optimizer.momentum", [0, 0.99, 0.01]),
    clip: limits("optimizer.clip_norm", [0.01, 1000, 0.01]),
    scheduleEvery: epochs("optimizer", "schedule", "every_epochs"),
    scheduleFactor: limits("optimizer.schedule.factor", [0.01, 1, 0.01]),
    scheduleEpochs: epochs("optimizer", "schedule", "epochs"),
    scheduleFinal: limits("optimizer.schedule.final_fraction", shares),
    patience: epochs("early_stopping", "patience"),
    minDelta: limits("early_stopping.min_delta", [0, 1, 0.001]),
    epochs: epochs("epochs"),
    batchSize: limits("batch_size", [1, 256, 1]),
    seed: limits("seed", [0, 2 ** 31 - 1, 1]),
    schedules: choicesOf(schema, ["optimizer", "schedule", "name"], ["constant", "step", "cosine"]),
    stoppingMetrics: choicesOf(schema, ["early_stopping", "metric"], ["loss", "val_loss"]),
    earlyStopping: /** @type {any} */ (defaultsOf(schema, ["early_stopping"], firstStopping)),
  };
}
