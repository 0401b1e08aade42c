/** Which classes the network takes for which: counted from its answers, sample by sample. */

/**
 * @typedef {object} Confusion
 * @property {number} classes
 * @property {number[][][]} members [true class][predicted class]: the samples that were counted there, by index
 * @property {number[]} predicted class of each sample
 * @property {number} total samples
 * @property {number} right samples on the diagonal
 */

/**
 * @typedef {object} ClassQuality
 * @property {number} actual samples that are of the class
 * @property {number} said samples the network took for it
 * @property {number} right samples that are both
 * @property {number | null} recall share of the class that was found; null when there is nothing to find
 * @property {number | null} precision share of what was said that is right; null when it was never said
 */

/**
 * As Keras decides: beyond one half for a single unit, else the likeliest class, the first of equals.
 * @param {ArrayLike<number>} answers probabilities, shape [samples, outputs], row-major
 * @param {number} outputs units of the final layer
 * @returns {number[]} class of each sample
 */
export function predictedClasses(answers, outputs) {
  return Array.from({ length: answers.length / outputs }, (_unused, sample) => {
    if (outputs === 1) return answers[sample] > 0.5 ? 1 : 0;
    let best = 0;
    for (let output = 1; output < outputs; output += 1) {
      if (answers[sample * outputs + output] > answers[sample * outputs + best]) best = output;
    }
    return best;
  });
}

/**
 * @param {readonly number[]} labels true class of each sample
 * @param {readonly number[]} predicted class of each sample
 * @param {number} classes
 * @returns {Confusion}
 */
export function confusionOf(labels, predicted, classes) {
  const side = Array.from({ length: classes });
  const members = side.map(() => side.map(() => /** @type {number[]} */ ([])));
  labels.forEach((label, sample) => {
    members[label]?.[predicted[sample]]?.push(sample);
  });
  const right = members.reduce((sum, row, truth) => sum + row[truth].length, 0);
  return { classes, members, predicted: [...predicted], total: labels.length, right };
}

/**
 * @param {Confusion} confusion
 * @returns {number | null} share of right answers; null without samples
 */
export function accuracyOf({ right, total }) {
  return total ? right / total : null;
}

/**
 * @param {Confusion} confusion
 * @param {number} label a class
 * @returns {ClassQuality}
 */
export function classQuality({ members }, label) {
  const right = members[label][label].length;
  const actual = members[label].reduce((sum, samples) => sum + samples.length, 0);
  const said = members.reduce((sum, row) => sum + row[label].length, 0);
  return { actual, said, right, recall: actual ? right / actual : null, precision: said ? right / said : null };
}
