/** A change of the spec becomes a new run, or is told to the living one, or waits until the settings can be trained. */

import { fixedPart, livePart } from "../../state/selectors.js";
import { obstacleOf } from "./obstacle.js";
import { specChange } from "./spec-intents.js";

/**
 * @typedef {import("./room.js").ImagesStore} ImagesStore
 * @typedef {Pick<import("../run-session.js").RunSession, "replaceSoon" | "set" | "hold" | "begin">} Session
 */

/** @param {import("../../state/run-reducer.js").Run | null} run @param {any} spec @returns {boolean} the run is one of these settings */
const isOf = (run, spec) => run !== null && fixedPart(run.spec) === fixedPart(spec);

/**
 * @param {ImagesStore} store
 * @param {Session} session
 */
export function followSpec(store, session) {
  /** @param {import("./page-state.js").ImagesState} before */
  return (before) => {
    const state = store.get();
    const [now, last] = /** @type {any[]} */ ([state.spec, before.spec]);
    const isFree = obstacleOf(state) === null;
    if (!isFree) session.hold();
    else if (fixedPart(now) !== fixedPart(last)) session.replaceSoon();
    else if (obstacleOf(before) !== null && !isOf(state.run, now)) session.replaceSoon();
    else if (JSON.stringify(livePart(now)) !== JSON.stringify(livePart(last))) session.set(livePart(now));
  };
}

/**
 * @param {ImagesStore} store
 * @param {Session} session
 * @returns {(intent: any) => void}
 */
export function followChanges(store, session) {
  const follow = followSpec(store, session);
  return (intent) => {
    const before = store.get();
    store.set(specChange(before, intent));
    follow(before);
    if (intent.type === "calmer") session.begin({ paused: false });
  };
}
