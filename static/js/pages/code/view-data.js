/** What the panel of the code shows, and which script it asks for. */

/** @typedef {import("../page-state.js").PageState} PageState */

/** @param {PageState} state */
export function codeData({ translator, code, spec }) {
  return { translator, ...code, name: `${spec.dataset.name}-${spec.seed}` };
}

/**
 * The epochs a script should train: those that were trained. While a run goes on, the number of the last question stays,
 * so that the text does not change thirty times a second.
 * @param {Pick<PageState, "run" | "spec">} state
 * @param {number | null} last
 * @returns {number | null} null lets the server choose
 */
export function wantedEpochs({ run, spec }, last) {
  if (run?.status === "running") return last;
  return run && run.epoch > 0 ? run.epoch : spec.epochs;
}
