/** What the server's list of data sets says about the data of a spec. */

/**
 * @typedef {object} DatasetEntry
 * @property {string} name
 * @property {string} title
 * @property {string} problem "classification" or "regression"
 * @property {number} samples a good number of samples
 * @property {string} [kind] "plane" for points of the plane, "curve" for numbers over a line, "image" for pictures
 * @property {number | null} [classes] null for a regression
 * @property {Record<string, number[]>} [limits] smallest and largest of what can be chosen: samples, noise, classes
 * @property {boolean} [takes_formula] its law can be given
 * @property {string | null} [formula] the law it has when none is given
 * @property {boolean} [takes_points] own points can be laid among its samples
 */

/** Kinds of data the page can draw. */
const drawableKinds = Object.freeze(["plane", "curve"]);

/**
 * @param {readonly DatasetEntry[]} datasets all the server has
 * @returns {DatasetEntry[]} those the page can draw
 */
export function drawableDatasets(datasets) {
  return datasets.filter(({ kind = "plane" }) => drawableKinds.includes(kind));
}

/**
 * @param {readonly DatasetEntry[]} datasets
 * @param {string} name
 * @returns {string} "classification" or "regression"
 */
export function problemOf(datasets, name) {
  return datasets.find((entry) => entry.name === name)?.problem ?? "classification";
}

/**
 * @param {readonly DatasetEntry[]} datasets
 * @param {string} name
 * @returns {string} "plane" or "curve"
 */
export function kindOf(datasets, name) {
  return datasets.find((entry) => entry.name === name)?.kind ?? "plane";
}

/**
 * @param {readonly DatasetEntry[]} datasets
 * @param {string} name
 * @returns {boolean} there is nothing to learn from but own points
 */
export function needsPoints(datasets, name) {
  return (datasets.find((entry) => entry.name === name)?.limits?.points?.[0] ?? 0) > 0;
}

/**
 * @param {readonly DatasetEntry[]} datasets
 * @param {{name: string, classes?: number}} dataset of a spec
 * @returns {number | null} null for a regression
 */
export function classesOf(datasets, dataset) {
  const entry = datasets.find(({ name }) => name === dataset.name);
  if (entry?.problem === "regression") return null;
  if (entry?.limits?.classes) return dataset.classes ?? entry.classes ?? 2;
  return entry?.classes ?? 2;
}

/**
 * @param {readonly DatasetEntry[]} datasets
 * @param {{name: string, classes?: number}} dataset of a spec
 * @returns {number} units of the final layer: one per class, but one for two classes and for a number
 */
export function outputsOf(datasets, dataset) {
  const classes = classesOf(datasets, dataset);
  return classes === null || classes === 2 ? 1 : classes;
}

/**
 * @param {readonly DatasetEntry[]} datasets
 * @param {{name: string, classes?: number}} dataset of a spec
 * @returns {string} activation of the final layer, as it follows from the data
 */
export function finalActivation(datasets, dataset) {
  if (classesOf(datasets, dataset) === null) return "linear";
  return outputsOf(datasets, dataset) === 1 ? "sigmoid" : "softmax";
}
