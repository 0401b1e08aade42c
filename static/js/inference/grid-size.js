/** How fine the pictures are: as fine as this machine can draw thirty of them a second. */

/** Cells along one side, finest first. */
export const gridSizes = Object.freeze([100, 72, 50]);

const tooSlowMs = 18;
const idleMs = 5;
const memory = 0.8;
const patience = 12;

/** Chooses the size from the time the last pictures took. */
export function createGridSizer() {
  let level = 0;
  let average = 0;
  let pictures = 0;

  /** @param {number} next */
  function move(next) {
    level = next;
    average = 0;
    pictures = 0;
  }

  return {
    size: () => gridSizes[level],
    /** @param {number} elapsedMs time of one picture */
    learn(elapsedMs) {
      average = pictures === 0 ? elapsedMs : memory * average + (1 - memory) * elapsedMs;
      pictures += 1;
      if (pictures < patience) return;
      if (average > tooSlowMs && level < gridSizes.length - 1) move(level + 1);
      else if (average < idleMs && level > 0) move(level - 1);
    },
  };
}

/** @typedef {ReturnType<typeof createGridSizer>} GridSizer */
