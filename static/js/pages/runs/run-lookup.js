/** Asks the server what the kept runs did: pinned ones for their curves, the others when the list is looked at. */

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {{runId: string, withHistory: boolean}} Question
 */

/**
 * @param {PageState} state
 * @returns {Question[]} what is to be known and is not
 */
export function openQuestions({ runs, run, panel }) {
  return runs.kept
    .filter(({ runId, pin, isTrained }) => runId !== run?.runId && (pin !== null || (panel === "runs" && isTrained)))
    .map(({ runId, pin }) => ({ runId, withHistory: pin !== null }))
    .filter(({ runId, withHistory }) => {
      const known = runs.others[runId];
      return !known || (withHistory && known.epoch > 0 && known.history.epoch.length === 0);
    });
}

/**
 * @param {object} options
 * @param {import("../../state/store.js").Store<PageState>} options.store
 * @param {Pick<import("./run-shelf.js").RunShelf, "look">} options.shelf
 */
export function createRunLookup({ store, shelf }) {
  const asked = new Set();
  let isAsking = false;

  async function askAll() {
    isAsking = true;
    for (;;) {
      const question = openQuestions(store.get()).find((each) => !asked.has(JSON.stringify(each)));
      if (!question) break;
      asked.add(JSON.stringify(question));
      await shelf.look(question.runId, question);
    }
    isAsking = false;
  }

  return {
    /** Called after each change of the state. One question at a time; the first run comes first. @param {PageState} state */
    follow(state) {
      if (!isAsking && state.run) askAll();
    },
  };
}
