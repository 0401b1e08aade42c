/** How far the colour scale of numbers reaches: a law may give labels far beyond -1 and 1, which would all look alike. */

const steps = Object.freeze([1, 1.5, 2, 3, 4, 5, 6, 8, 10]);

/**
 * @param {readonly number[]} labels
 * @returns {number} at least 1; the next easy number from the largest magnitude on
 */
export function labelReach(labels) {
  const largest = labels.reduce((sofar, label) => Math.max(sofar, Math.abs(label)), 0);
  if (largest <= 1) return 1;
  const unit = 10 ** Math.floor(Math.log10(largest));
  const step = steps.find((each) => each * unit >= largest) ?? 10;
  return step * unit;
}
