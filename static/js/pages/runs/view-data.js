/** What the list of runs and the pinned ones side by side show. */

import { memoizeLast } from "../../core/memoize.js";
import { pinnedRuns } from "../../state/kept-runs.js";
import { differences } from "../../state/spec-differences.js";
import { comparedSpec, nameOfRun, pinLetters } from "./run-name.js";
import { settingLabel, settingValue } from "./setting-text.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../state/run-reducer.js").Run} Run
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {PageState["runs"]["others"]} Others
 * @typedef {PageState["translator"]} Translator
 */

/**
 * @typedef {object} RunFacts what is shown of a run, in the list and side by side
 * @property {string} runId
 * @property {string} name
 * @property {string | null} status null while the server has not said what became of it
 * @property {number} epoch
 * @property {number | null} loss
 * @property {number | null} valLoss
 * @property {number | null} valAccuracy
 * @property {number | null} weightsCount
 * @property {number} madeAt milliseconds since 1970
 * @property {boolean} isPresent
 * @property {string | null} letter of a pinned run
 * @property {number | null} pin
 * @property {string | null} picture
 */

/**
 * @param {KeptRun} kept
 * @param {Run | undefined} run
 * @param {{translator: Translator, presentId: string | undefined, pictures: Record<string, string>}} about
 * @returns {RunFacts}
 */
function factsOf(kept, run, { translator, presentId, pictures }) {
  const { runId, madeAt, pin } = kept;
  const { loss = null, val_loss = null, val_accuracy = null } = run?.metrics ?? {};
  return {
    runId,
    name: nameOfRun(kept, run, translator),
    status: run?.status ?? null,
    epoch: run?.epoch ?? 0,
    loss,
    valLoss: val_loss,
    valAccuracy: val_accuracy,
    weightsCount: run?.weightsCount ?? null,
    madeAt,
    isPresent: runId === presentId,
    letter: pin === null ? null : pinLetters[pin],
    pin,
    picture: pictures[runId] ?? null,
  };
}

/**
 * The page's own run is newer than what is known of it as one of the others.
 * @param {Others} others
 * @param {Run | null} present
 * @param {string} runId
 */
const runOf = (others, present, runId) => (present?.runId === runId ? present : others[runId]);

const rowsOf = memoizeLast(
  (
    /** @type {readonly KeptRun[]} */ kept,
    /** @type {Others} */ others,
    /** @type {Record<string, string>} */ pictures,
    /** @type {Run | null} */ present,
    /** @type {Translator} */ translator,
  ) =>
    kept
      .filter(({ isTrained, pin }) => isTrained || pin !== null)
      .map((each) =>
        factsOf(each, runOf(others, present, each.runId), { translator, presentId: present?.runId, pictures }),
      ),
);

/** @param {PageState} state */
export function runListData({ translator, runs, run }) {
  return { translator, rows: rowsOf(runs.kept, runs.others, runs.pictures, run, translator) };
}

const pinsOf = memoizeLast((/** @type {readonly RunFacts[]} */ rows) =>
  rows.filter(({ pin }) => pin !== null).sort((one, other) => (one.pin ?? 0) - (other.pin ?? 0)),
);

/**
 * @typedef {{letter: string | null, name: string, isPresent: boolean, spec: Run["spec"]}} ComparedRun the present one has a letter
 *   only if it is pinned
 * @typedef {{label: string, cells: {text: string, isOther: boolean}[]}} DifferenceRow isOther: not as the present run has it
 */

/**
 * @param {readonly ComparedRun[]} compared
 * @param {Translator} translator
 * @returns {DifferenceRow[]}
 */
function differenceRows(compared, translator) {
  const own = Math.max(
    compared.findIndex(({ isPresent }) => isPresent),
    0,
  );
  return differences(compared.map(({ spec }) => spec)).map(({ setting, values }) => ({
    label: settingLabel(setting, translator),
    cells: values.map((value) => ({
      text: settingValue(setting, value, translator),
      isOther: value !== values[own],
    })),
  }));
}

const comparedOf = memoizeLast(
  (
    /** @type {readonly KeptRun[]} */ kept,
    /** @type {Others} */ others,
    /** @type {string | null} */ presentId,
    /** @type {Run["spec"] | null} */ presentSpec,
    /** @type {Run["controls"] | null} */ presentControls,
    /** @type {Translator} */ translator,
  ) => {
    const present =
      presentId && presentSpec
        ? /** @type {Run} */ ({ runId: presentId, spec: presentSpec, controls: presentControls })
        : null;
    const own = kept.find(({ runId }) => runId === presentId) ?? {
      runId: presentId ?? "",
      name: "",
      rates: [],
      pin: null,
    };
    const pinned = pinnedRuns(kept);
    const columns = pinned.length && own.pin === null ? [...pinned, own] : pinned;
    /** @type {ComparedRun[]} */
    const compared = columns.flatMap((each) => {
      const run = runOf(others, present, each.runId);
      const letter = each.pin === null ? null : pinLetters[each.pin];
      const about = { letter, name: nameOfRun(each, run, translator), isPresent: each.runId === presentId };
      return run ? [{ ...about, spec: comparedSpec(run, each.rates) }] : [];
    });
    return { compared, rows: differenceRows(compared, translator) };
  },
);

/** @param {PageState} state */
export function runComparisonData(state) {
  const { translator, runs, run } = state;
  const { spec = null, controls = null } = run ?? {};
  const { compared, rows } = comparedOf(runs.kept, runs.others, run?.runId ?? null, spec, controls, translator);
  return {
    translator,
    pins: pinsOf(runListData(state).rows),
    compared,
    differences: rows,
    isFull: runs.isFull,
  };
}
