/** Whether the network that answers learned from the very pictures that are chosen. */

import { keyOf } from "../../state/image-datasets.js";

/** @typedef {import("./page-state.js").ImagesState} ImagesState */

/** @param {ImagesState["run"]} run @returns {ImagesState["spec"]} of pictures, as this page shows no others */
export const specOf = (run) => /** @type {any} */ (run?.spec);

/**
 * The network and the test pictures are those of the run, but names, pen and the size of a drawing are those of the settings:
 * while another set is chosen, the one says nothing about the other.
 * @param {Pick<ImagesState, "run" | "spec">} state
 * @returns {boolean}
 */
export function isOfRun({ run, spec }) {
  return run !== null && keyOf(specOf(run).dataset) === keyOf(spec.dataset);
}
