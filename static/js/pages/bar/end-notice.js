/** What is said at the end of a run that trained as long as it was meant to. */

import { formatCount } from "../../core/format.js";
import { memoizeLast } from "../../core/memoize.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../views/notice.js").Notice} Notice
 */

/**
 * @param {import("../../state/run-reducer.js").Run} run
 * @param {PageState["translator"]} translator
 * @returns {string}
 */
function sentenceOf({ epoch, reasonCode, spec }, { t, language }) {
  const stopping = spec.early_stopping;
  const words = { epoch: formatCount(epoch, language) };
  if (reasonCode !== "early_stopped" || !stopping) return t("notice.finished", words);
  const key = stopping.restore_best === false ? "notice.early_stopped.as_is" : "notice.early_stopped";
  const patience = formatCount(stopping.patience ?? 0, language);
  return t(key, { ...words, patience, metric: t(`metric.${stopping.metric}`) });
}

/** @type {(run: import("../../state/run-reducer.js").Run, translator: PageState["translator"]) => Notice} */
export const endNotice = memoizeLast((run, translator) => ({
  text: sentenceOf(run, translator),
  problems: [],
  act: { label: translator.t("notice.start_again"), intent: "reset" },
  isGood: true,
}));
