/** Which losses fit which labels, and which one a run really uses. */

/** @typedef {import("./spec.js").RunSpec} RunSpec */

const ofNumbers = Object.freeze(["mse", "mae", "huber"]);

/**
 * @param {number | null} classes null: the labels are numbers
 * @returns {string} the loss that "auto" stands for
 */
function usualLoss(classes) {
  if (classes === null) return "mse";
  return classes > 2 ? "categorical_crossentropy" : "binary_crossentropy";
}

/**
 * @param {number | null} classes
 * @returns {string[]} everything that can be chosen for such labels
 */
export function fittingLosses(classes) {
  return ["auto", ...(classes === null ? [] : [usualLoss(classes)]), ...ofNumbers];
}

/**
 * @param {Pick<RunSpec, "loss">} spec
 * @param {number | null} classes
 * @returns {string} the loss a run really uses
 */
export function lossOf({ loss }, classes) {
  return loss === "auto" ? usualLoss(classes) : loss;
}

/**
 * Other labels may need another loss: a cross-entropy counts its classes, and numbers have none.
 * @param {RunSpec} spec
 * @param {number | null} classes
 * @returns {RunSpec} the same spec when its loss fits
 */
export function withFittingLoss(spec, classes) {
  if (fittingLosses(classes).includes(spec.loss)) return spec;
  const isStillCrossEntropy = classes !== null && spec.loss.endsWith("crossentropy");
  return { ...spec, loss: isStillCrossEntropy ? usualLoss(classes) : "auto" };
}
