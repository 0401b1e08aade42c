/** The runs a browser remembers: which they are, what they are called, which are pinned. What they did, the server knows. */

/** @typedef {{learning_rate: number, l1: number, l2: number}} Rates what may change while a run lives */

/**
 * @typedef {object} KeptRun
 * @property {string} runId
 * @property {string} name given by a person; "" while it goes by its settings
 * @property {number} madeAt milliseconds since 1970
 * @property {boolean} isOwn made by this browser, so that it may stop and delete it
 * @property {boolean} isTrained at least one epoch: worth keeping
 * @property {number | null} pin its place among the pinned runs, from 0
 * @property {readonly Rates[]} rates those of its first and of its newest epoch, as far as they were seen here: sliders may be moved
 *   after the last epoch, which says nothing of how a run was trained
 */

/** Runs side by side: more cannot be told apart. */
export const mostPinned = 4;

/** Runs that are kept without being pinned; the oldest gives way. */
export const mostUnpinned = 20;

/** Runs that never trained are the server's to sweep up; only the newest may still be open in a tab. */
const mostUntrained = 5;

export const longestName = 60;

/**
 * @param {string} name as it was typed
 * @returns {string}
 */
export function tidyName(name) {
  return name.replace(/\s+/g, " ").trim().slice(0, longestName);
}

/** @param {unknown} value */
const isPlace = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < mostPinned;

/** @param {any} rates of unknown origin @returns {Rates[]} */
function readRates(rates) {
  if (!Array.isArray(rates) || rates.length > 2) return [];
  const areRates = rates.every((each) => Array.isArray(each) && each.length === 3 && each.every(Number.isFinite));
  return areRates ? rates.map(([learning_rate, l1, l2]) => ({ learning_rate, l1, l2 })) : [];
}

/**
 * @param {any} entry of unknown origin
 * @returns {KeptRun | null}
 */
function readEntry(entry) {
  if (typeof entry?.run_id !== "string" || !/^[\w-]{1,64}$/.test(entry.run_id)) return null;
  return {
    runId: entry.run_id,
    name: typeof entry.name === "string" ? tidyName(entry.name) : "",
    madeAt: Number.isFinite(entry.made_at) ? entry.made_at : 0,
    isOwn: entry.is_own === true,
    isTrained: entry.is_trained === true,
    pin: isPlace(entry.pin) ? entry.pin : null,
    rates: readRates(entry.rates),
  };
}

/**
 * @param {string | null} text as `writeKeptRuns` wrote it, or anything else
 * @returns {KeptRun[] | null} null when it says nothing of runs
 */
export function readKeptRuns(text) {
  try {
    const entries = JSON.parse(text ?? "");
    if (!Array.isArray(entries)) return null;
    /** @type {KeptRun[]} */
    const kept = [];
    for (const entry of entries.map(readEntry)) {
      if (!entry || kept.some(({ runId }) => runId === entry.runId)) continue;
      kept.push(kept.some(({ pin }) => pin !== null && pin === entry.pin) ? { ...entry, pin: null } : entry);
    }
    return kept;
  } catch {
    return null;
  }
}

/**
 * @param {readonly KeptRun[]} kept
 * @returns {string}
 */
export function writeKeptRuns(kept) {
  const entries = kept.map(({ runId, name, madeAt, isOwn, isTrained, pin, rates }) => {
    const shortRates = rates.map(({ learning_rate, l1, l2 }) => [learning_rate, l1, l2]);
    return { run_id: runId, name, made_at: madeAt, is_own: isOwn, is_trained: isTrained, pin, rates: shortRates };
  });
  return JSON.stringify(entries);
}

/**
 * @param {readonly KeptRun[]} kept newest first
 * @param {string} runId
 * @param {Partial<KeptRun> & {madeAt: number}} about
 * @returns {KeptRun[]} with that run, if it was not there
 */
export function withRun(kept, runId, about) {
  if (kept.some((run) => run.runId === runId)) return [...kept];
  return [{ runId, name: "", isOwn: false, isTrained: false, pin: null, rates: [], ...about }, ...kept];
}

/**
 * @param {readonly KeptRun[]} kept
 * @param {string} runId
 * @param {Partial<KeptRun>} change
 * @returns {KeptRun[]}
 */
export function withChange(kept, runId, change) {
  return kept.map((run) => (run.runId === runId ? { ...run, ...change } : run));
}

/**
 * An epoch was trained with these rates.
 * @param {readonly Rates[]} known
 * @param {Rates} newest
 * @returns {readonly Rates[]} the same list when nothing is new
 */
export function withNewestRates(known, newest) {
  const isSame = (/** @type {Rates} */ { learning_rate, l1, l2 }) =>
    learning_rate === newest.learning_rate && l1 === newest.l1 && l2 === newest.l2;
  const last = known.at(-1);
  if (last && isSame(last)) return known;
  return known.length ? [known[0], newest] : [newest];
}

/**
 * @param {readonly KeptRun[]} kept
 * @param {string} runId
 * @returns {KeptRun[]}
 */
export function withoutRun(kept, runId) {
  return kept.filter((run) => run.runId !== runId);
}

/**
 * @param {readonly KeptRun[]} kept
 * @returns {number | null} the first free place among the pinned runs
 */
export function freePin(kept) {
  const free = Array.from({ length: mostPinned }, (_unused, place) => place).find(
    (place) => !kept.some(({ pin }) => pin === place),
  );
  return free ?? null;
}

/**
 * @param {readonly KeptRun[]} kept
 * @returns {KeptRun[]} the pinned ones, in the order of their places
 */
export function pinnedRuns(kept) {
  return kept.filter(({ pin }) => pin !== null).sort((one, other) => (one.pin ?? 0) - (other.pin ?? 0));
}

/**
 * Makes room: the oldest unpinned runs go.
 * @param {readonly KeptRun[]} kept newest first
 * @param {string | null} presentId of the run that is shown: it stays
 * @returns {{kept: KeptRun[], dropped: string[]}} dropped: those the server need not keep either
 */
export function makeRoom(kept, presentId) {
  let trained = 0;
  let untrained = 0;
  const stays = kept.filter((run) => {
    if (run.pin !== null || run.runId === presentId) return true;
    if (run.isTrained) trained += 1;
    else untrained += 1;
    return run.isTrained ? trained <= mostUnpinned : untrained <= mostUntrained;
  });
  const gone = kept.filter((run) => !stays.includes(run));
  return { kept: stays, dropped: gone.filter((run) => run.isOwn && run.isTrained).map(({ runId }) => runId) };
}
