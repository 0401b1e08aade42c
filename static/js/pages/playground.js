/** A pupil's bench: wires state, transport, inference and views together. */

import { divergingRamp } from "../core/color.js";
import { memoizeLast } from "../core/memoize.js";
import { chooseLanguage, createTranslator } from "../i18n/i18n.js";
import { createPictureMaker } from "../inference/picture-maker.js";
import { runIdOf, withRunId } from "../state/permalink.js";
import { runEventTypes } from "../state/run-events.js";
import { fixedPart, livePart } from "../state/selectors.js";
import { createStore } from "../state/store.js";
import { ApiError, createApi } from "../transport/api.js";
import { EventStream } from "../transport/event-stream.js";
import { applyScheme, watchSystemScheme } from "../views/color-scheme.js";
import { createBenchView } from "./bench.js";
import { initialState } from "./page-state.js";
import { PictureSession } from "./picture-session.js";
import { RunSession } from "./run-session.js";
import { createSampleSession } from "./sample-session.js";
import { specChange } from "./spec-intents.js";

/**
 * @typedef {import("./page-state.js").PageState} PageState
 * @typedef {import("../state/store.js").Store<PageState>} PageStore
 * @typedef {import("../transport/api.js").Api} Api
 */

const root = document.documentElement;
const baseUrl = new URL("../../../", import.meta.url).href;
const wait = (/** @type {number} */ delayMs) =>
  new Promise((/** @type {(done?: any) => void} */ done) => setTimeout(done, delayMs));

/** A reader's choice, if this browser keeps such things. @param {string} name */
function remembered(name) {
  try {
    return localStorage.getItem(`neural-playground.${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
function remember(name, value) {
  try {
    localStorage.setItem(`neural-playground.${name}`, value);
  } catch {
    // A browser that keeps nothing still works; it only forgets.
  }
}

/** @param {Api} api @param {string} language */
async function loadTranslator(api, language) {
  return createTranslator(language, await api.fetchMessages(language));
}

/** @param {Api} api @returns {Promise<PageState>} */
async function loadState(api) {
  const language = chooseLanguage(navigator.languages, remembered("language"));
  const [specAnswer, datasets, translator] = await Promise.all([
    api.fetchSpec(),
    api.fetchDatasets(),
    loadTranslator(api, language),
  ]);
  return initialState(specAnswer, datasets, translator, applyScheme(root, remembered("scheme")));
}

/** @param {Api} api @param {PageStore} store @param {(run: import("../state/run-reducer.js").Run) => void} onOpened */
function connectRun(api, store, onOpened) {
  const stream = new EventStream({
    url: (cursor) => api.eventsUrl(store.get().run?.runId ?? "", cursor),
    types: runEventTypes,
    onEvent: (streamEvent) => session.receive(streamEvent),
    onConnection(connection) {
      store.set({ isWaiting: connection !== "open" });
      if (connection === "refused") session.lookAgain();
    },
    EventSource,
    later: (act, delayMs) => setTimeout(act, delayMs),
    cancel: (timer) => clearTimeout(timer),
    random: Math.random,
  });
  const session = new RunSession({
    api,
    store,
    stream,
    onOpened,
    later: (act, delayMs) => setTimeout(act, delayMs),
    cancel: (timer) => clearTimeout(timer),
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? stream.rest() : stream.resume()));
  window.addEventListener("pagehide", () => stream.rest());
  window.addEventListener("pageshow", () => stream.resume());
  return session;
}

/** @param {Api} api @param {PageStore} store */
function connectPictures(api, store) {
  const worker = new Worker(new URL("../inference/inference.worker.js", import.meta.url));
  return new PictureSession({ api, store, wait, makePictures: (onAnswer) => createPictureMaker({ worker, onAnswer }) });
}

/** @param {Api} api @param {PageStore} store */
async function switchLanguage(api, store) {
  const language = store.get().translator.language === "fr" ? "en" : "fr";
  store.set({ translator: await loadTranslator(api, language) });
  remember("language", language);
}

/** @param {PageStore} store @param {string | null} scheme */
function setScheme(store, scheme) {
  const palette = applyScheme(root, scheme);
  store.set({ palette, ramp: divergingRamp(palette.diverging) });
}

/** @param {PageStore} store */
function switchScheme(store) {
  const scheme = store.get().palette.scheme === "dark" ? "light" : "dark";
  remember("scheme", scheme);
  setScheme(store, scheme);
}

/**
 * @param {{api: Api, store: PageStore, session: import("./run-session.js").RunSession}} page
 * @returns {(intent: any) => void}
 */
function handleIntents({ api, store, session }) {
  /** @param {any} intent */
  function changeSpec(intent) {
    const before = store.get();
    store.set(specChange(before, intent));
    const { spec, speed } = store.get();
    if (fixedPart(spec) !== fixedPart(before.spec)) session.replaceSoon();
    else if (JSON.stringify(livePart(spec)) !== JSON.stringify(livePart(before.spec))) session.set(livePart(spec));
    if (speed !== before.speed) session.set({ speed });
  }

  /** @type {Record<string, (intent: any) => void>} */
  const acts = {
    run: () => session.run(),
    pause: () => session.pause(),
    step: () => session.step(),
    reset: () => session.reset(),
    language: () => switchLanguage(api, store),
    scheme: () => switchScheme(store),
    dismiss: () => store.set({ trouble: null, dismissed: store.get().run?.runId ?? null }),
    display: ({ name, value }) => store.set({ display: { ...store.get().display, [name]: value } }),
    point: ({ focus, feature }) => store.set({ pointed: focus, feature }),
    pin: ({ focus }) => store.set({ pinned: samePlace(store.get().pinned, focus) ? null : focus }),
    calmer(intent) {
      changeSpec(intent);
      session.begin({ paused: false });
    },
  };
  return (intent) => (acts[intent.type] ?? changeSpec)(intent);
}

/** @param {{layer: number, unit: number} | null} one @param {{layer: number, unit: number}} other */
function samePlace(one, other) {
  return one !== null && one.layer === other.layer && one.unit === other.unit;
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

/** @param {PageStore} store */
function keepAddress(store) {
  const put = memoizeLast((/** @type {string | undefined} */ runId) => {
    if (runId) history.replaceState(null, "", withRunId(location.hash, runId));
  });
  store.subscribe(({ run }) => put(run?.runId));
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
  const store = createStore(await loadStateOrSaySo(api));
  const pictures = connectPictures(api, store);
  const session = connectRun(api, store, (run) => pictures.open(run));
  const samples = createSampleSession({ api, store });
  const bench = createBenchView(root, {
    onIntent: handleIntents({ api, store, session }),
    exportUrl: api.exportUrl,
    now: () => performance.now(),
  });
  store.subscribe(() => pictures.follow());
  store.subscribe(() => samples.follow());
  keepAddress(store);
  drawOncePerFrame(store, (state) => {
    bench.render(state);
    markReady(state);
  });
  watchSystemScheme(() => setScheme(store, remembered("scheme")));
  const runId = runIdOf(location.hash);
  if (!runId || !(await session.open(runId))) await session.begin({ paused: true });
  samples.loadThumbnails();
  await wait(longestSilenceMs);
  root.dataset.ready = "true";
}

/** Nothing can be shown without the server's first answers: wait for them, telling why. @param {Api} api @returns {Promise<PageState>} */
async function loadStateOrSaySo(api) {
  const sentence = document.querySelector("#sentence-text");
  for (;;) {
    try {
      return await loadState(api);
    } catch (error) {
      const message =
        error instanceof ApiError && error.status > 0 ? error.message : "The server does not answer. Trying again…";
      if (sentence) sentence.textContent = message;
      await wait(2000);
    }
  }
}
