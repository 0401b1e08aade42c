/** What the card to take a network home shows. */

import { memoizeLast } from "../../../core/memoize.js";
import { formats } from "./slice.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

const rowsOf = memoizeLast(
  (/** @type {string | null} */ runId, /** @type {import("./slice.js").TakeHomeSlice} */ slice) =>
    formats.map((format) => ({ ...format, taking: (slice.runId === runId ? slice.files[format.name] : null) ?? null })),
);

/** @param {ImagesState} state */
export function takeHomeData({ run, takeHome, translator }) {
  return { translator, canTake: run !== null, rows: rowsOf(run?.runId ?? null, takeHome) };
}
