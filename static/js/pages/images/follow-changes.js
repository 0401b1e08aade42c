/** A change of the spec becomes a new run, or is told to the living one, or waits until the settings can be trained. */

import { fixedPart, livePart } from "../../state/selectors.js";
import { obstacleOf } from "./obstacle.js";
import { specChange } from "./spec-intents.js";

/**
 * @typedef {import("./room.js").ImagesStore} ImagesStore
 * @typedef {Pick<import("../run-session.js").RunSession, "replaceSoon" | "set" | "hold" | "unhold" | "begin">} Session
 */

/** @typedef {import("./page-state.js").ImagesState} ImagesState */

/**
 * @param {ImagesState} state
 * @returns {boolean} no run of the settings that are shown is there, or on its way
 */
function lacksRun({ run, spec, isCreating }) {
  if (run === null) return !isCreating;
  return fixedPart(/** @type {any} */ (run.spec)) !== fixedPart(/** @type {any} */ (spec));
}

/**
 * @param {ImagesState} state
 * @param {ImagesState} before
 * @param {Session} session
 */
function follow(state, before, session) {
  const [now, last] = /** @type {any[]} */ ([state.spec, before.spec]);
  const isOther = fixedPart(now) !== fixedPart(last);
  const [isFree, wasFree] = [state, before].map((each) => obstacleOf(each) === null);
  if (!isFree) {
    if (wasFree || isOther) session.hold();
  } else if (isOther || (!wasFree && lacksRun(state))) session.replaceSoon();
  else if (!wasFree && JSON.stringify(livePart(now)) === JSON.stringify(livePart(last))) session.unhold();
  else if (JSON.stringify(livePart(now)) !== JSON.stringify(livePart(last))) session.set(livePart(now));
}

/**
 * @param {ImagesStore} store
 * @param {Session} session
 * @returns {(intent: any) => void}
 */
export function followChanges(store, session) {
  return (intent) => {
    const before = store.get();
    store.set(specChange(before, intent));
    follow(store.get(), before, session);
    if (intent.type === "calmer") session.begin({ paused: false });
  };
}
