/** What a network says to pictures: how sure it is, and where it is surely wrong. */

/**
 * @typedef {object} SureError
 * @property {number} sample
 * @property {number} said class
 * @property {number} truth class
 * @property {number} share probability of what was said, 0 to 1
 */

/**
 * A final layer of one unit answers with the probability of the second of two classes.
 * @param {ArrayLike<number>} answers shape [samples, outputs]
 * @param {number} outputs
 * @param {number} [sample]
 * @returns {number[]} probability of each class
 */
export function sharesOf(answers, outputs, sample = 0) {
  if (outputs === 1) return [1 - answers[sample], answers[sample]];
  return Array.from({ length: outputs }, (_unused, output) => answers[sample * outputs + output]);
}

/**
 * @param {readonly number[]} shares
 * @returns {number} the likeliest class, the first of equals
 */
export function likeliest(shares) {
  return shares.reduce((best, share, index) => (share > shares[best] ? index : best), 0);
}

/**
 * @param {readonly number[]} labels true class of each sample
 * @param {readonly number[]} predicted class of each sample
 * @param {{answers: ArrayLike<number>, outputs: number}} answered
 * @param {number} most
 * @returns {SureError[]} the surest first
 */
export function surestErrors(labels, predicted, { answers, outputs }, most) {
  const wrong = predicted.flatMap((said, sample) => {
    if (said === labels[sample]) return [];
    return [{ sample, said, truth: labels[sample], share: sharesOf(answers, outputs, sample)[said] }];
  });
  return wrong.sort((one, other) => other.share - one.share).slice(0, most);
}
