/** How the learning rate goes from epoch to epoch: the rule of the server, for the small drawing beside the choice. */

/** @typedef {{name: string, every_epochs: number, factor: number, epochs: number, final_fraction: number}} Schedule */

/**
 * @param {Schedule} schedule
 * @param {number} epoch counted from 1
 * @returns {number} share of the rate that is set
 */
export function rateShare({ name, every_epochs, factor, epochs, final_fraction }, epoch) {
  const before = epoch - 1;
  if (name === "step") return factor ** Math.floor(before / every_epochs);
  if (name !== "cosine") return 1;
  const way = Math.min(before / epochs, 1);
  return final_fraction + (1 - final_fraction) * 0.5 * (1 + Math.cos(Math.PI * way));
}

/**
 * @param {Schedule} schedule
 * @returns {number} epochs that show all of its shape: four steps down, or the whole descent and a little more
 */
export function shownEpochs({ name, every_epochs, epochs }) {
  if (name === "step") return every_epochs * 4;
  return name === "cosine" ? Math.ceil(epochs * 1.2) : 300;
}

/**
 * @param {Schedule} schedule
 * @param {number} count of points
 * @returns {{epochs: number, shares: number[]}} the shares at equal distances from the first epoch to the last shown one
 */
export function rateCurve(schedule, count) {
  const epochs = shownEpochs(schedule);
  const at = (/** @type {number} */ index) => 1 + Math.round((index / (count - 1)) * (epochs - 1));
  return { epochs, shares: Array.from({ length: count }, (_unused, index) => rateShare(schedule, at(index))) };
}
