/** A pupil's bench: wires state, transport, inference and the rooms of the page together. */

import { chooseLanguage, createTranslator } from "../i18n/i18n.js";
import { createPictureMaker } from "../inference/picture-maker.js";
import { runEventTypes } from "../state/run-events.js";
import { fixedPart, livePart } from "../state/selectors.js";
import { createStore } from "../state/store.js";
import { ApiError, createApi } from "../transport/api.js";
import { EventStream } from "../transport/event-stream.js";
import { createStreamPlaces } from "../transport/stream-places.js";
import { applyScheme } from "../views/color-scheme.js";
import { showOpeningTrouble } from "../views/notice.js";
import { createMemory } from "./memory.js";
import { PictureSession } from "./output/picture-session.js";
import { initialState } from "./page-state.js";
import { createRooms } from "./rooms.js";
import { RunSession } from "./run-session.js";
import { RunShelf } from "./runs/run-shelf.js";
import { ServerHealth } from "./server-health.js";
import { createAddress } from "./sharing/address.js";
import { specChange } from "./spec-intents.js";

/**
 * @typedef {import("./page-state.js").PageState} PageState
 * @typedef {import("../state/store.js").Store<PageState>} PageStore
 * @typedef {import("../transport/api.js").Api} Api
 */

const root = document.documentElement;
const baseUrl = new URL("../../../", import.meta.url).href;
const memory = createMemory(() => localStorage);
const wait = (/** @type {number} */ delayMs) =>
  new Promise((/** @type {(done?: any) => void} */ done) => setTimeout(done, delayMs));

/** @param {Api} api @returns {Promise<PageState>} */
async function loadState(api) {
  const language = chooseLanguage(navigator.languages, memory.recall("language"));
  const [specAnswer, datasets, messages] = await Promise.all([
    api.fetchSpec(),
    api.fetchDatasets(),
    api.fetchMessages(language),
  ]);
  const palette = applyScheme(root, memory.recall("scheme"), memory.recall("palette"));
  return initialState(specAnswer, datasets, createTranslator(language, messages), palette);
}

/** @param {Api} api @param {PageStore} store @param {(run: import("../state/run-reducer.js").Run) => void} onOpened */
function connectRun(api, store, onOpened) {
  const later = (/** @type {() => void} */ act, /** @type {number} */ delayMs) => setTimeout(act, delayMs);
  const stream = new EventStream({
    url: (cursor, how) => api.eventsUrl(store.get().run?.runId ?? "", cursor, how),
    places: createStreamPlaces({ storage: () => localStorage, now: Date.now, owner: String(Math.random()) }),
    types: runEventTypes,
    onEvent: (streamEvent) => session.receive(streamEvent),
    onConnection(connection) {
      session.hear(connection);
    },
    EventSource,
    later,
    cancel: (timer) => clearTimeout(timer),
    random: Math.random,
    now: () => performance.now(),
  });
  const session = new RunSession({
    api,
    store,
    stream,
    onOpened,
    shelf: new RunShelf({ api, store, memory, later, today: Date.now }),
    later,
    cancel: (timer) => clearTimeout(timer),
  });
  const look = () => (document.hidden ? stream.rest() : stream.resume());
  look();
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pagehide", () => stream.rest());
  window.addEventListener("pageshow", () => stream.resume());
  return session;
}

/** @param {Api} api @param {PageStore} store @param {Worker} worker */
function connectPictures(api, store, worker) {
  return new PictureSession({ api, store, wait, makePictures: (onAnswer) => createPictureMaker({ worker, onAnswer }) });
}

/**
 * A change of the spec that a living run can follow is told to it; any other makes a new run.
 * @param {PageStore} store
 * @param {RunSession} session
 * @returns {(intent: any) => void}
 */
function handleChanges(store, session) {
  return (intent) => {
    const before = store.get();
    store.set(specChange(before, intent));
    const { spec, speed } = store.get();
    if (fixedPart(spec) !== fixedPart(before.spec)) session.replaceSoon();
    else if (JSON.stringify(livePart(spec)) !== JSON.stringify(livePart(before.spec))) session.set(livePart(spec));
    if (speed !== before.speed) session.set({ speed });
    if (intent.type === "calmer") session.begin({ paused: false });
  };
}

/** However many events came: one drawing a frame. @param {PageStore} store @param {(state: PageState) => void} draw */
function drawOncePerFrame(store, draw) {
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

/** @param {PageStore} store @param {RunSession} session @param {(intent: any) => void} onIntent */
function connectAddress(store, session, onIntent) {
  const address = createAddress({
    store,
    session,
    place: { read: () => location.hash, replace: (hash) => history.replaceState(null, "", hash || location.pathname) },
    onPalette: (name) => onIntent({ type: "palette", name }),
    later: (act, delayMs) => setTimeout(act, delayMs),
    cancel: (timer) => clearTimeout(timer),
  });
  window.addEventListener("hashchange", () => address.changed());
  store.subscribe(address.follow);
  return address;
}

/** A run that waits in the server's queue has no picture yet, but every control works. */
const longestSilenceMs = 5000;

/** The page can be used when a run is there and drawn, or when it is known why not. @param {PageState} state */
function markReady({ run, picture, failure, trouble }) {
  if ((run && (picture || failure)) || trouble) root.dataset.ready = "true";
}

/** @returns {Promise<void>} */
export async function startPlayground() {
  const api = createApi({ baseUrl, fetch: window.fetch.bind(window) });
  // First of all: the worker loads TensorFlow.js while the page asks the server.
  const worker = new Worker(new URL("../inference/inference.worker.js", import.meta.url));
  const store = createStore(await loadStateOrSaySo(api));
  const pictures = connectPictures(api, store, worker);
  const session = connectRun(api, store, (run) => pictures.open(run));
  const change = handleChanges(store, session);
  const onIntent = (/** @type {any} */ intent) => (rooms.acts[intent.type] ?? change)(intent);
  const now = () => performance.now();
  const rooms = createRooms({ root, store, api, session, pictures, memory, onIntent, now, wait });
  store.subscribe(rooms.follow);
  const address = connectAddress(store, session, onIntent);
  drawOncePerFrame(store, (state) => {
    rooms.render(state);
    markReady(state);
  });
  new ServerHealth({
    api,
    store,
    later: (act, delayMs) => setTimeout(act, delayMs),
    isHidden: () => document.hidden,
  }).start();
  await address.start();
  await wait(longestSilenceMs);
  root.dataset.ready = "true";
}

/** Nothing can be shown without the server's first answers: wait for them, telling why. @param {Api} api @returns {Promise<PageState>} */
async function loadStateOrSaySo(api) {
  for (;;) {
    try {
      const state = await loadState(api);
      showOpeningTrouble(root, null);
      return state;
    } catch (error) {
      const isAnswer = error instanceof ApiError && error.status > 0;
      showOpeningTrouble(root, isAnswer ? error.message : await unreachableText(api));
      await wait(2000);
    }
  }
}

/** The texts may be there when the server's answers are not: a browser keeps them. @param {Api} api */
async function unreachableText(api) {
  const language = chooseLanguage(navigator.languages, memory.recall("language"));
  const messages = await api.fetchMessages(language).catch(() => null);
  return messages?.["notice.opening"] ?? "The server does not answer. The page tries again every few seconds.";
}
