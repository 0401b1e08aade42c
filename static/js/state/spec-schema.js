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
function meanings(root, node) {
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
  const proposals = nodes.flatMap((node) => (node.slider ? [node.slider] : []));
  const first = (/** @type {string[]} */ ...keys) =>
    [...proposals, ...nodes].flatMap((node) => keys.map((key) => node[key])).find((value) => typeof value === "number");
  return {
    minimum: first("minimum", "exclusiveMinimum", "minItems") ?? otherwise.minimum,
    maximum: first("maximum", "exclusiveMaximum", "maxItems") ?? otherwise.maximum,
    step: first("step", "multipleOf") ?? otherwise.step ?? 1,
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
  };
}
