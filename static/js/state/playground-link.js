/**
 * Links of TensorFlow Playground say the same in other words: here they become entries of our own. Lessons of ten years are
 * written with them.
 */

/** @typedef {import("./link-entries.js").Entry} Entry */
/** @typedef {import("./spec-link.js").LinkProblem} LinkProblem */

/** Words that only its links use. */
const telling = Object.freeze([
  "activation",
  "batchSize",
  "collectStats",
  "hideText",
  "initZero",
  "learningRate",
  "networkShape",
  "percTrainData",
  "problem",
  "regDataset",
  "regularization",
  "regularizationRate",
  "showTestData",
  "tutorial",
]);

/** Its inputs and ours, in our order; it has two more names that never had an input. @type {[string, string][]} */
const inputs = [
  ["x", "x1"],
  ["y", "x2"],
  ["xSquared", "x1_squared"],
  ["ySquared", "x2_squared"],
  ["xTimesY", "x1x2"],
  ["sinX", "sin_x1"],
  ["sinY", "sin_x2"],
];
const inputsAtFirst = Object.freeze(["x", "y"]);

/** @type {ReadonlyMap<string, string>} */
const regressions = new Map([
  ["reg-plane", "plane"],
  ["reg-gauss", "gauss_hills"],
]);

/** Its names of controls that can be hidden, and ours. @type {ReadonlyMap<string, string>} */
const controls = new Map([
  ...Object.entries({
    activation: "activation",
    batchSize: "batch_size",
    dataset: "dataset",
    discretize: "discretize",
    learningRate: "learning_rate",
    noise: "noise",
    numHiddenLayers: "layers",
    percTrainData: "train_fraction",
    play: "run",
    playButton: "run",
    problem: "problem",
    regDataset: "dataset",
    regularization: "regularization",
    regularizationRate: "regularization_rate",
    reset: "reset",
    resetButton: "reset",
    showTestData: "show_test_data",
    step: "step",
    stepButton: "step",
  }),
  ...inputs,
]);

/** Words that its links and ours share. */
const shared = Object.freeze(["dataset", "discretize", "hide", "noise", "seed"]);

/** What it knows and nobody misses here. */
const silent = Object.freeze(["collectStats", "cosX", "cosY", "initZero", "tutorial"]);

/**
 * @param {readonly Entry[]} entries
 * @returns {boolean}
 */
export function isPlaygroundLink(entries) {
  const plain = entries.map(([name]) => name.replace(/_hide$/, ""));
  const hides = entries.filter(([name]) => name.endsWith("_hide")).map(([name]) => name.replace(/_hide$/, ""));
  const isInput = (/** @type {string} */ name) => inputs.some(([theirs]) => theirs === name);
  return plain.some((name) => telling.includes(name) || isInput(name)) || hides.some((name) => controls.has(name));
}

/** @param {Map<string, string>} given @returns {Entry[]} */
function dataEntries(given) {
  const isRegression = given.get("problem") === "regression";
  const name = isRegression ? (given.get("regDataset") ?? "reg-plane") : given.get("dataset");
  const share = Number(given.get("percTrainData")) / 100;
  return [
    ...entry("dataset", name && (regressions.get(name) ?? name)),
    ...entry("noise", given.get("noise")),
    ...entry("train_fraction", given.has("percTrainData") ? String(share) : undefined),
  ];
}

/** @param {string} name @param {string | undefined} value @returns {Entry[]} */
function entry(name, value) {
  return value === undefined ? [] : [[name, value]];
}

/** @param {Map<string, string>} given @returns {Entry[]} */
function networkEntries(given) {
  const activation = given.get("activation") ?? "tanh";
  const shape = given.get("networkShape") ?? (given.has("activation") ? "4,2" : undefined);
  const layers = shape?.split(",").filter((units) => units.trim() !== "" && units.trim() !== "0");
  const isOn = (/** @type {string} */ name) => (given.get(name) ?? String(inputsAtFirst.includes(name))) === "true";
  const chosen = inputs.filter(([theirs]) => isOn(theirs)).map(([, ours]) => ours);
  const namesInputs = inputs.some(([theirs]) => given.has(theirs));
  return [
    ...entry("features", namesInputs ? chosen.join(",") : undefined),
    ...entry("layers", layers && (layers.map((units) => `${units.trim()}:${activation}`).join(",") || "none")),
  ];
}

/**
 * Its seed is any text, usually a number between 0 and 1.
 * @param {string} text
 * @returns {number} a whole number, always the same for the same text
 */
export function seedOf(text) {
  const number = Number(text);
  if (text.trim() !== "" && Number.isInteger(number) && number >= 0 && number < 2 ** 31) return number;
  if (number > 0 && number < 1) return Math.round(number * 1e6) || 1;
  return [...text].reduce((sum, sign) => (Math.imul(sum, 31) + sign.charCodeAt(0)) >>> 1, 7);
}

/** @param {Map<string, string>} given @returns {Entry[]} */
function learningEntries(given) {
  const penalty = given.get("regularization")?.toLowerCase();
  const rate = given.get("regularizationRate");
  const seed = given.get("seed");
  return [
    ...entry("learning_rate", given.get("learningRate")),
    ...(penalty === "l1" || penalty === "l2" ? entry(penalty, rate) : []),
    ...entry("batch_size", given.get("batchSize")),
    ...(seed === undefined
      ? []
      : [...entry("data_seed", String(seedOf(seed))), ...entry("seed", String(seedOf(seed)))]),
  ];
}

/** @param {readonly Entry[]} entries @returns {Entry[]} */
function pageEntries(entries) {
  const given = new Map(entries);
  const hidden = entries.filter(([name, value]) => name.endsWith("_hide") && value === "true");
  const names = hidden.map(([name]) => name.replace(/_hide$/, "")).map((name) => controls.get(name) ?? name);
  const isOn = (/** @type {string} */ name) => (given.get(name) === "true" ? "true" : undefined);
  return [
    ...entry("show_test_data", isOn("showTestData")),
    ...entry("discretize", isOn("discretize")),
    ...entry("hide", [...new Set([...(given.get("hide")?.split(",") ?? []), ...names])].join(",") || undefined),
    ...entry("embed", isOn("hideText")),
  ];
}

/** @param {Map<string, string>} given @returns {LinkProblem[]} */
function problemsIn(given) {
  const isOn = (/** @type {string} */ name) => given.get(name) === "true";
  const wanted = ["cosX", "cosY", "initZero"].filter(isOn);
  const shown = given.get("tutorial") ? [...wanted, "tutorial"] : wanted;
  return shown.map((name) => ({ name, given: given.get(name) ?? "", used: null }));
}

/**
 * @param {readonly Entry[]} entries of a link of TensorFlow Playground
 * @returns {{entries: Entry[], problems: LinkProblem[]}} entries of our own; what cannot be had here
 */
export function fromPlayground(entries) {
  const given = new Map(entries);
  const theirs = [...telling, ...silent, ...shared, ...inputs.map(([name]) => name)];
  const rest = entries.filter(([name]) => !theirs.includes(name) && !name.endsWith("_hide"));
  const ours = [...dataEntries(given), ...networkEntries(given), ...learningEntries(given), ...pageEntries(entries)];
  return { entries: [...ours, ...rest], problems: problemsIn(given) };
}
