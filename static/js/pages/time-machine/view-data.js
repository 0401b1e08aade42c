/** What the time machine shows. */

/** @typedef {import("../page-state.js").PageState} PageState */

/** @param {PageState} state */
export function timeMachineData({ translator, run, timeMachine }) {
  const isOfRun = run !== null && timeMachine.runId === run.runId;
  const epochs = isOfRun ? timeMachine.epochs : [];
  const last = epochs[epochs.length - 1] ?? 0;
  const shownEpoch = isOfRun ? timeMachine.shownEpoch : null;
  return {
    translator,
    first: epochs[0] ?? 0,
    last,
    shown: shownEpoch ?? last,
    newest: Math.max(run?.epoch ?? 0, last),
    isLive: shownEpoch === null,
    hasPast: epochs.length > 1,
  };
}
