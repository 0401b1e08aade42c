/** What the bar, the notices and the voice show. */

import { hasCollapsed } from "../../core/collapse.js";
import { formatCount } from "../../core/format.js";
import { memoizeLast } from "../../core/memoize.js";
import { problemOf } from "../../state/datasets.js";
import { canPause, interruptionKey, runsAhead, statusKey } from "../../state/selectors.js";
import { shownMoment } from "../../state/time-machine.js";
import { endNotice } from "./end-notice.js";

/** @typedef {import("../page-state.js").PageState} PageState */

/** @param {PageState} state */
const isClassification = ({ datasets, spec }) => problemOf(datasets, spec.dataset.name) === "classification";

/** Of what the notice tells at length, the sentence says the heart. @type {Record<string, string>} */
const shorter = {
  "reason.diverged": "status.diverged",
  "resumed.worker_lost": "status.resuming",
  "resumed.server_restarted": "status.resuming",
  "running.not_responding": "status.silent",
};

/** @param {PageState} state @returns {string} key of the sentence above the network */
function sentenceKey(state) {
  const { run, picture, spec, isCreating } = state;
  const isAlive = !isCreating && (run?.status === "running" || (run?.status === "paused" && run.epoch > 0));
  const isShown = isAlive && picture?.runId === run?.runId;
  const key = isShown && hasCollapsed(picture, spec.regularization) ? "status.collapsed" : statusKey(state);
  return shortSentence(key);
}

/** @param {string} key of a sentence @returns {string} key of what there is room for */
export function shortSentence(key) {
  return shorter[key] ?? key;
}

/** @param {PageState} state */
export function runNumbersData(state) {
  const { translator, run } = state;
  const { epoch, metrics } = shownMoment(state);
  return {
    translator,
    epoch,
    loss: metrics.loss ?? null,
    valLoss: metrics.val_loss ?? null,
    valAccuracy: metrics.val_accuracy ?? null,
    hasAccuracy: isClassification(state),
    sentence: sentenceKey(state),
    isInLine: typeof run?.position === "number",
    ahead: runsAhead(run),
    status: state.isCreating ? "loading" : (run?.status ?? "loading"),
  };
}

/** @param {PageState} state */
export function runControlsData({ translator, run, trouble, isAway }) {
  return { translator, offersPause: canPause(run) && !isAway, isReady: (run !== null || trouble !== null) && !isAway };
}

/** Refusals that a person meets without having sent anything wrong: told in their own language. @type {Record<string, string>} */
const refusals = {
  unreachable: "notice.unreachable",
  too_many_requests: "notice.too_many_requests",
  other_origin: "notice.other_origin",
  images_missing: "images.obstacle.data",
  base_missing: "images.obstacle.base",
  not_with_base: "images.augmentation.not_with_base",
  too_much_memory: "notice.too_much_memory",
  too_slow: "notice.too_slow",
};

/** @param {NonNullable<PageState["trouble"]>} trouble @param {PageState["translator"]} translator */
function troubleText({ status, code, message, retryAfterS, problems }, translator) {
  const key = status === 0 ? refusals.unreachable : refusals[code];
  if (key) return translator.t(key, { seconds: retryAfterS ?? 1 });
  return problems.length > 0 && refusals[problems[0].code ?? ""] ? problemText(problems[0], translator) : message;
}

/** @param {import("../../transport/api.js").Problem} problem @param {PageState["translator"]} translator */
function problemText({ code = "", message, received }, { t, language }) {
  const key = refusals[code];
  return key ? t(key, { needed: typeof received === "number" ? formatCount(received, language) : "?" }) : message;
}

const noticeOf = memoizeLast(
  (
    /** @type {PageState["trouble"]} */ trouble,
    /** @type {string | null} */ reasonCode,
    /** @type {PageState["translator"]} */ translator,
  ) => {
    const { t } = translator;
    if (trouble) {
      return {
        text: troubleText(trouble, translator),
        // The server's own sentence tells the first problem already.
        problems:
          trouble.problems.length > 1 ? trouble.problems.map((problem) => problemText(problem, translator)) : [],
        act: { label: t("notice.retry"), intent: "reset" },
        isGood: false,
      };
    }
    if (!reasonCode) return null;
    const act =
      reasonCode === "diverged"
        ? { label: t("notice.calmer"), intent: "calmer" }
        : { label: t("notice.new_run"), intent: "reset" };
    return { text: t(`reason.${reasonCode}`), problems: [], act, isGood: false };
  },
);

/** Trouble of the server because of which it forgets what happens now, should it stop. */
const forgetting = ["storage", "checkpoints"];

/**
 * @param {PageState} state
 * @returns {{connection: string, isLasting: boolean}} what the quiet bar says of the server and the line to it, nothing while all is
 *   well; lasting: this may be so for the whole lesson, so it is said and then goes
 */
function connectionData({ isWaiting, isAsking, isCreating, run, problems, translator: { t, language } }) {
  if (isWaiting) return { connection: t("connection.waiting"), isLasting: false };
  const interruption = isCreating ? null : interruptionKey(run);
  if (interruption) {
    return { connection: t(interruption, { epoch: formatCount(run?.epoch ?? 0, language) }), isLasting: false };
  }
  if (problems.some((part) => forgetting.includes(part))) {
    return { connection: t("connection.not_saved"), isLasting: false };
  }
  return { connection: isAsking ? t("connection.asking") : "", isLasting: isAsking };
}

/** @param {PageState} state */
export function noticeData(state) {
  const { trouble, run, dismissed, isCreating, translator } = state;
  const connection = connectionData(state);
  const ended = run !== null && dismissed !== run.runId && !isCreating ? run : null;
  if (!trouble && ended?.status === "finished") return { notice: endNotice(ended, translator), ...connection };
  const reasonCode = ended?.status === "failed" ? (ended.reasonCode ?? "internal_error") : null;
  return { notice: noticeOf(trouble, reasonCode, translator), ...connection };
}
