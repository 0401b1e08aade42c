/** What every page that shows a run lives on: the server's first answers, the stream of the run, one drawing a frame. */

import { chooseLanguage } from "../i18n/i18n.js";
import { runEventTypes } from "../state/run-events.js";
import { ApiError } from "../transport/api.js";
import { EventStream } from "../transport/event-stream.js";
import { createStreamPlaces } from "../transport/stream-places.js";
import { showOpeningTrouble } from "../views/notice.js";

/**
 * @typedef {import("../transport/api.js").Api} Api
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./run-session.js").RunSession} RunSession
 */

/** Where the product is mounted. */
export const baseUrl = new URL("../../../", import.meta.url).href;

/** @param {number} delayMs @returns {Promise<void>} */
export const wait = (delayMs) =>
  new Promise((/** @type {(done?: any) => void} */ done) => {
    setTimeout(done, delayMs);
  });

/** @param {() => void} act @param {number} delayMs */
export const later = (act, delayMs) => setTimeout(act, delayMs);

/** @param {any} timer */
export const cancel = (timer) => clearTimeout(timer);

/** The reader's language. @param {Memory} memory */
export const languageOf = (memory) => chooseLanguage(navigator.languages, memory.recall("language"));

/**
 * A stream of the run that is shown; it rests while nobody looks at the page.
 * @param {Api} api
 * @param {{get: () => {run: {runId: string} | null}}} store
 * @param {() => RunSession} session that is told
 */
export function openStream(api, store, session) {
  const stream = new EventStream({
    url: (cursor, how) => api.eventsUrl(store.get().run?.runId ?? "", cursor, how),
    places: createStreamPlaces({ storage: () => localStorage, now: Date.now, owner: String(Math.random()) }),
    types: runEventTypes,
    onEvent: (streamEvent) => session().receive(streamEvent),
    onConnection: (connection) => session().hear(connection),
    EventSource,
    later,
    cancel,
    random: Math.random,
    now: () => performance.now(),
  });
  const look = () => (document.hidden ? stream.rest() : stream.resume());
  look();
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pagehide", () => stream.rest());
  window.addEventListener("pageshow", () => stream.resume());
  return stream;
}

/**
 * However many events came: one drawing a frame.
 * @template {object} State
 * @param {import("../state/store.js").Store<State>} store
 * @param {(state: State) => void} draw
 */
export function drawOncePerFrame(store, draw) {
  let isAsked = false;
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw(store.get());
    });
  };
  store.subscribe(ask);
  ask();
}

/**
 * Nothing can be shown without the server's first answers: wait for them, telling why.
 * @template State
 * @param {HTMLElement} root
 * @param {{api: Api, memory: Memory}} surroundings
 * @param {() => Promise<State>} load
 * @returns {Promise<State>}
 */
export async function loadOrSaySo(root, { api, memory }, load) {
  for (;;) {
    try {
      const state = await load();
      showOpeningTrouble(root, null);
      return state;
    } catch (error) {
      const isAnswer = error instanceof ApiError && error.status > 0;
      showOpeningTrouble(root, isAnswer ? error.message : await unreachableText(api, memory));
      await wait(2000);
    }
  }
}

/** The texts may be there when the server's answers are not: a browser keeps them. @param {Api} api @param {Memory} memory */
async function unreachableText(api, memory) {
  const messages = await api.fetchMessages(languageOf(memory)).catch(() => null);
  return messages?.["notice.opening"] ?? "The server does not answer. The page tries again every few seconds.";
}
