/** A law that is being typed: asked about when the typing rests. The last good one stays until another good one comes. */

const restMs = 250;

/**
 * @typedef {object} FormulaSessionOptions
 * @property {Pick<import("../../transport/api.js").Api, "previewDataset">} api
 * @property {import("../../state/store.js").Store<import("../page-state.js").PageState>} store
 * @property {(intent: any) => void} onIntent
 * @property {(delayMs: number) => Promise<void>} wait
 */

/**
 * @param {any} error of the server
 * @returns {import("../../transport/api.js").Problem | null} what is wrong with the formula
 */
function formulaProblem({ problems = [], message }) {
  const all = /** @type {import("../../transport/api.js").Problem[]} */ (problems);
  return all.find(({ field }) => field === "dataset.formula") ?? { field: "dataset.formula", message };
}

/**
 * @param {FormulaSessionOptions} options
 */
export function createFormulaSession({ api, store, onIntent, wait }) {
  let typings = 0;

  /** @param {string} text */
  async function problemOf(text) {
    const { dataset } = store.get().spec;
    const asked = { ...dataset, formula: text };
    return api.previewDataset(asked, ["x1"]).then(
      () => null,
      (error) => formulaProblem(error),
    );
  }

  /** @param {{text: string}} typed */
  return async function type({ text }) {
    typings += 1;
    const mine = typings;
    store.set({ dataCard: { ...store.get().dataCard, typed: text } });
    await wait(restMs);
    if (mine !== typings) return;
    const problem = await problemOf(text);
    // Other settings that came meanwhile have a law of their own.
    if (mine !== typings || store.get().dataCard.typed !== text) return;
    if (problem === null) onIntent({ type: "change", name: "formula", value: text });
    else store.set({ dataCard: { ...store.get().dataCard, problem } });
  };
}
