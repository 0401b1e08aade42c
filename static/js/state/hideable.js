/** The controls a link can hide, so that a lesson shows only what it is about. */

/** @type {Readonly<Record<string, readonly string[]>>} names by the part of the page they are in */
export const hideableGroups = Object.freeze({
  data: [
    "dataset",
    "problem",
    "samples",
    "classes",
    "formula",
    "points",
    "train_fraction",
    "noise",
    "batch_size",
    "new_sample",
    "download_data",
  ],
  network: ["features", "layers", "units", "layer_settings", "new_start"],
  learning: [
    "learning_rate",
    "optimizer",
    "schedule",
    "activation",
    "loss",
    "regularization",
    "regularization_rate",
    "epochs",
    "early_stopping",
    "speed",
    "settings",
  ],
  transport: ["run", "step", "reset", "time_machine"],
  output: ["show_test_data", "discretize", "plot", "log_scale", "pin_run", "download"],
  page: ["panels", "examples", "share", "help", "language", "theme"],
});

const inputs = Object.freeze(["x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"]);

/** All that can be hidden; single inputs too, which only vanish while they are not in use. */
export const hideable = Object.freeze([...Object.values(hideableGroups).flat(), ...inputs]);

/**
 * @param {readonly string[]} names
 * @returns {string[]} those that can be hidden, each once, always in the same order
 */
export function hideableOf(names) {
  return hideable.filter((name) => names.includes(name));
}
