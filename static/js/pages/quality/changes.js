/** What pressing a cell, a sample or the switch between the shares makes of the page's state. */

/**
 * @typedef {import("./slice.js").QualitySlice} QualitySlice
 * @typedef {import("./slice.js").Chosen} Chosen
 */

/** @param {Chosen | null} one @param {Chosen} other */
function isSame(one, other) {
  return one !== null && JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Pressing what is chosen lets go of it.
 * @param {QualitySlice} quality
 * @param {Chosen} chosen
 * @returns {QualitySlice}
 */
export function withChosen(quality, chosen) {
  return { ...quality, chosen: isSame(quality.chosen, chosen) ? null : chosen };
}

/**
 * A cell is a cell of the other share too; a sample is not.
 * @param {QualitySlice} quality
 * @param {import("./slice.js").Share} share
 * @returns {QualitySlice}
 */
export function withShare(quality, share) {
  const chosen = quality.chosen?.kind === "cell" || share === quality.share ? quality.chosen : null;
  return { ...quality, share, chosen };
}
