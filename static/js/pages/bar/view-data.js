/** What the bar, the notices and the voice show. */

import { memoizeLast } from "../../core/memoize.js";
import { problemOf } from "../../state/datasets.js";
import { canPause, runsAhead, statusKey } from "../../state/selectors.js";

/** @typedef {import("../page-state.js").PageState} PageState */

/** @param {PageState} state */
const isClassification = ({ datasets, spec }) => problemOf(datasets, spec.dataset.name) === "classification";

/** @param {PageState} state */
export function runNumbersData(state) {
  const { translator, run } = state;
  const metrics = run?.metrics ?? {};
  return {
    translator,
    epoch: run?.epoch ?? 0,
    loss: metrics.loss ?? null,
    valLoss: metrics.val_loss ?? null,
    valAccuracy: metrics.val_accuracy ?? null,
    hasAccuracy: isClassification(state),
    sentence: statusKey(state),
    isInLine: typeof run?.position === "number",
    ahead: runsAhead(run),
    status: state.isCreating ? "loading" : (run?.status ?? "loading"),
  };
}

/** @param {PageState} state */
export function runControlsData({ translator, run, trouble }) {
  return { translator, offersPause: canPause(run), isReady: run !== null || trouble !== null };
}

const noticeOf = memoizeLast(
  (
    /** @type {PageState["trouble"]} */ trouble,
    /** @type {string | null} */ reasonCode,
    /** @type {PageState["translator"]} */ translator,
  ) => {
    const { t } = translator;
    if (trouble) {
      const text = trouble.status === 0 ? t("notice.unreachable") : trouble.message;
      return {
        text,
        problems: trouble.problems.map(({ message }) => message),
        act: { label: t("notice.retry"), intent: "reset" },
      };
    }
    if (!reasonCode) return null;
    const act =
      reasonCode === "diverged"
        ? { label: t("notice.calmer"), intent: "calmer" }
        : { label: t("notice.new_run"), intent: "reset" };
    return { text: t(`reason.${reasonCode}`), problems: [], act };
  },
);

/** @param {PageState} state */
export function noticeData({ trouble, run, dismissed, isWaiting, isCreating, translator }) {
  const hasFailed = run?.status === "failed" && dismissed !== run.runId && !isCreating;
  const reasonCode = hasFailed ? (run.reasonCode ?? "internal_error") : null;
  return { notice: noticeOf(trouble, reasonCode, translator), isWaiting };
}
