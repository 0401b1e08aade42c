/** What a link is made from, and what the dialog and the note about links show. */

import { memoizeLast } from "../../core/memoize.js";
import { problemOf } from "../../state/datasets.js";
import { hideableGroups } from "../../state/hideable.js";
import { linkOfState } from "../../state/permalink.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {PageState["translator"]} Translator
 */

/**
 * @param {PageState} state
 * @returns {import("../../state/permalink.js").Shown}
 */
export function shownInLink({ spec, speed, display, palette, panel, sharing, run, awaited }) {
  return {
    spec,
    speed,
    display,
    palette: palette.name,
    panel,
    hidden: sharing.hidden,
    isEmbedded: sharing.isEmbedded,
    runId: awaited ?? run?.runId ?? null,
  };
}

/** @param {PageState} state @returns {string} the settings of the page without its run: whoever opens it trains anew */
export function sharedLink(state) {
  return linkOfState({ ...shownInLink(state), hidden: state.sharing.chosen, runId: null }, state.book);
}

/** Where a control is called otherwise than in a link. @type {Record<string, string>} */
const labels = {
  dataset: "control.dataset",
  discretize: "output.discretize",
  download: "output.download",
  download_data: "data.download",
  examples: "presets.open",
  formula: "formula.label",
  help: "help.open",
  log_scale: "plot.log",
  loss: "setting.loss",
  panels: "card.panels",
  pin_run: "runs.pin",
  points: "points.add",
  reset: "run.reset",
  run: "run.run",
  schedule: "setting.schedule",
  settings: "settings.title",
  share: "share.open",
  show_test_data: "output.show_test_data",
  step: "run.step",
  time_machine: "time.label",
};

const groupsOf = memoizeLast((/** @type {Translator} */ { t, orElse }, /** @type {readonly string[]} */ chosen) =>
  Object.entries(hideableGroups).map(([group, names]) => ({
    group,
    title: t(`share.group.${group}`),
    controls: names.map((name) => ({
      name,
      label: orElse(labels[name] ?? `share.control.${name}`, orElse(`control.${name}`, name)),
      isHidden: chosen.includes(name),
    })),
  })),
);

const settingsIn = memoizeLast((/** @type {string} */ link) => link.split(/[#&]/).filter((part) => part !== ""));

/**
 * @param {PageState} state
 * @param {string} page address of the page without its hash
 */
export function shareDialogData(state, page) {
  const link = sharedLink(state);
  return {
    translator: state.translator,
    link: page + link,
    settings: settingsIn(link),
    groups: groupsOf(state.translator, state.sharing.chosen),
    isCopied: state.sharing.isCopied,
  };
}

const noteOf = memoizeLast(
  (
    /** @type {Translator} */ { t },
    /** @type {readonly import("../../state/spec-link.js").LinkProblem[]} */ problems,
    /** @type {boolean} */ isPlaygrounds,
    /** @type {boolean} */ isClassification,
  ) => {
    if (!problems.length && !isPlaygrounds) return null;
    const loss = isClassification ? ` ${t("link.playground.loss")}` : "";
    return {
      text: isPlaygrounds ? t("link.playground") + loss : t("link.problems"),
      problems: problems.map(({ name, given, used }) =>
        used === null ? t("link.left_out", { name, given }) : t("link.changed", { name, given, used }),
      ),
    };
  },
);

/** @param {PageState} state */
export function linkNoteData({ translator, sharing, datasets, spec }) {
  const isClassification = problemOf(datasets, spec.dataset.name) === "classification";
  return { translator, note: noteOf(translator, sharing.problems, sharing.isPlaygrounds, isClassification) };
}

/** @param {PageState} state */
export function hiddenControlsData({ sharing: { hidden, isEmbedded } }) {
  return { hidden, isEmbedded };
}
