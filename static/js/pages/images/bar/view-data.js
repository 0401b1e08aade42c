/** What the bar and the voice show of a run of pictures. */

import { runsAhead, statusKey } from "../../../state/selectors.js";
import { noticeData, runControlsData, shortSentence } from "../../bar/view-data.js";
import { obstacleOf } from "../obstacle.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** @type {readonly import("../../../views/announcer.js").Setting[]} */
const nothingElse = Object.freeze([]);

/** @param {ImagesState} state @returns {string} key of the sentence above the curve */
function sentenceKey(state) {
  const obstacle = obstacleOf(state);
  return obstacle ? `images.obstacle.${obstacle}` : shortSentence(statusKey(state));
}

/** @param {ImagesState} state */
export function imageNumbersData(state) {
  const { translator, run, isCreating } = state;
  const metrics = run?.metrics ?? {};
  return {
    translator,
    epoch: run?.epoch ?? 0,
    loss: metrics.loss ?? null,
    valLoss: metrics.val_loss ?? null,
    valAccuracy: metrics.val_accuracy ?? null,
    hasAccuracy: true,
    sentence: sentenceKey(state),
    isInLine: typeof run?.position === "number",
    ahead: runsAhead(run),
    status: isCreating ? "loading" : (run?.status ?? "loading"),
    settings: nothingElse,
  };
}

/** That all epochs are trained is said above the curve; only what went wrong interrupts. @param {ImagesState} state */
export function imageNoticeData(state) {
  const data = noticeData(/** @type {any} */ (state));
  return data.notice?.isGood ? { ...data, notice: null } : data;
}

/** @param {ImagesState} state */
export function imageControlsData(state) {
  const data = runControlsData(/** @type {any} */ (state));
  return { ...data, isReady: data.isReady && obstacleOf(state) === null };
}
