/** How numbers and classes look in the colours the reader chose; the same object while nothing of it changes. */

import { classRamps } from "../../core/color.js";
import { labelReach } from "../../core/label-reach.js";
import { memoizeLast } from "../../core/memoize.js";

/** @typedef {import("../../views/color-scheme.js").Palette} Palette */
/** @typedef {import("../../views/sample-dots.js").Paint} Paint */

export const classRampsOf = memoizeLast((/** @type {Palette} */ { diverging, classes }) =>
  classRamps({ neutral: diverging.neutral, isHatched: diverging.isHatched, classes }),
);

const makePaint = (
  /** @type {Uint32Array} */ ramp,
  /** @type {Palette} */ palette,
  /** @type {number | null} */ classes,
) => ({ ramp, classRamps: classRampsOf(palette), classes });

/**
 * While a new run is on its way, the picture and the controls may have other classes: each asks for its own.
 * @type {Map<number | null, typeof makePaint>}
 */
const makers = new Map();

/** @type {typeof makePaint} */
export function paintOf(ramp, palette, classes) {
  const make = makers.get(classes) ?? memoizeLast(makePaint);
  makers.set(classes, make);
  return make(ramp, palette, classes);
}

/** The end of a scale for these labels. */
const reachOf = memoizeLast((/** @type {readonly number[] | null} */ labels) => (labels ? labelReach(labels) : 1));

/**
 * Of numbers, the scale reaches as far as their labels. Each place that shows them makes one of these, which remembers what
 * it gave last.
 * @returns {(paint: Paint, labels: readonly number[] | null) => Paint}
 */
export function createScaledPaint() {
  const scaled = memoizeLast((/** @type {Paint} */ paint, /** @type {number} */ reach) => ({ ...paint, reach }));
  return (paint, labels) => {
    const reach = paint.classes === null ? reachOf(labels) : 1;
    return reach === 1 ? paint : scaled(paint, reach);
  };
}
