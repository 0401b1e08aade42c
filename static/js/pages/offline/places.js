/** A network that is asked about places of the plane or of a line. */

import { curveDomain, curveInputs, domain, gridInputs, sampleInputs } from "../../core/grid.js";
import { likeliest, sharesOf } from "../../core/picture-errors.js";
import { curveSize, predictRows } from "../../inference/predict-grid.js";
import { applyScheme } from "../../views/color-scheme.js";
import { createPlaceAskerView } from "../../views/offline/place-asker.js";

/**
 * @typedef {object} Map the answers everywhere
 * @property {readonly Float32Array[]} grids one for each output
 * @property {number} size cells along a side; places of a line
 * @property {number} reach the largest absolute answer, at least 1
 */

/** So many products may one picture of the plane cost; a large network is asked at fewer places. */
const mostProducts = 30_000_000;

/** @param {import("./offline.js").Contents} contents @returns {readonly string[]} */
function featureNamesOf({ kind, spec }) {
  // The server has its reasons for a line's inputs; they are those of the spec that a line has.
  return kind === "curve" ? spec.features.filter((/** @type {string} */ name) => !name.includes("x2")) : spec.features;
}

/** @param {any} model @returns {number} places along a side */
function gridSizeFor(model) {
  return Math.max(24, Math.min(100, Math.floor(Math.sqrt(mostProducts / Math.max(1, model.countParams())))));
}

/** @param {{outputs: number, answers: Float32Array}} answered @param {number} size */
function mapOf({ outputs, answers }, size) {
  const grids = Array.from({ length: outputs }, (_unused, output) =>
    answers.filter((_answer, index) => index % outputs === output),
  );
  const reach = answers.reduce((most, answer) => Math.max(most, Math.abs(answer)), 1);
  return { grids, size, reach };
}

/**
 * @param {import("./offline.js").Asked} asked
 * @returns {import("./offline.js").Part}
 */
export function openPlaces({ root, contents, tf, model, translator, check }) {
  const { kind, spec, classes } = contents;
  const features = featureNamesOf(contents);
  const ends = kind === "curve" ? curveDomain(spec.dataset) : /** @type {[number, number]} */ ([-domain, domain]);
  const ask = (/** @type {Float32Array} */ inputs) => predictRows(tf, model, inputs, features.length);
  const size = kind === "curve" ? curveSize : gridSizeFor(model);
  const map = mapOf(ask(kind === "curve" ? curveInputs(features, size, ends) : gridInputs(features, size)), size);
  const fixed = { kind, ends, map, classes: classes.length, check };
  const middle = (ends[0] + ends[1]) / 2;
  let state = { translator, palette: applyScheme(root, null), place: [middle, 0] };
  const view = createPlaceAskerView(root, { onPlace: (place) => set({ place }) });

  /** @param {Partial<typeof state>} change */
  function set(change) {
    state = { ...state, ...change };
    const { outputs, answers } = ask(sampleInputs(features, [state.place]));
    const shares = classes.length > 0 ? sharesOf(answers, outputs) : null;
    view.render({ ...fixed, ...state, shares, best: shares ? likeliest(shares) : null, value: answers[0] });
  }
  set({});
  return { say: (next) => set({ translator: next }), recolor: () => set({ palette: applyScheme(root, null) }) };
}
