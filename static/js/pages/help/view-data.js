/** What the help shows. */

/** @param {import("../page-state.js").PageState} state */
export function helpDialogData({ translator, help, dialog }) {
  return { translator, hasShortcuts: help.hasShortcuts, topic: help.topic, isOpen: dialog === "help" };
}

/**
 * What has a hint may come and go with these.
 * @param {import("../page-state.js").PageState} state
 */
export function helpHintsData({ translator, spec, panel, dialog, run }) {
  return { translator, spec, panel, dialog, runId: run?.runId };
}
