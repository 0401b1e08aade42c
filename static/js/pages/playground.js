/** A pupil's bench: wires state, transport, inference and the rooms of the page together. */

import { createTranslator } from "../i18n/i18n.js";
import { createPictureMaker } from "../inference/picture-maker.js";
import { canBeDrawn, fixedPart, livePart } from "../state/selectors.js";
import { createStore } from "../state/store.js";
import { createApi } from "../transport/api.js";
import { applyScheme } from "../views/color-scheme.js";
import { createMemory } from "./memory.js";
import { PictureSession } from "./output/picture-session.js";
import { baseUrl, cancel, drawOncePerFrame, languageOf, later, loadOrSaySo, openStream, wait } from "./page-life.js";
import { controlsOfRun, initialState } from "./page-state.js";
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
const memory = createMemory(() => localStorage);

/** @param {Api} api @returns {Promise<PageState>} */
async function loadState(api) {
  const language = languageOf(memory);
  const [specAnswer, datasets, messages] = await Promise.all([
    api.fetchSpec(),
    api.fetchDatasets(),
    api.fetchMessages(language),
  ]);
  const palette = applyScheme(root, memory.recall("scheme"), memory.recall("palette"));
  return initialState(specAnswer, datasets, createTranslator(language, messages), palette);
}

/** @param {Api} api @param {PageStore} store @param {PictureSession} pictures */
function connectRun(api, store, pictures) {
  /** @type {RunSession<RunShelf>} */
  const session = new RunSession({
    api,
    store,
    stream: openStream(api, store, () => session),
    onOpened(run) {
      store.set({ check: null });
      pictures.open(run);
    },
    shelf: new RunShelf({ api, store, memory, later, today: Date.now }),
    canShow: ({ spec }) => canBeDrawn(store.get().datasets, spec),
    controlsOf: controlsOfRun,
    later,
    cancel,
  });
  return session;
}

/** @param {Api} api @param {PageStore} store @param {Worker} worker */
function connectPictures(api, store, worker) {
  return new PictureSession({ api, store, wait, makePictures: (onAnswer) => createPictureMaker({ worker, onAnswer }) });
}

/**
 * A change of the spec that a living run can follow is told to it; any other makes a new run.
 * @param {PageStore} store
 * @param {RunSession<RunShelf>} session
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

/** @param {PageStore} store @param {RunSession<RunShelf>} session @param {(intent: any) => void} onIntent */
function connectAddress(store, session, onIntent) {
  const address = createAddress({
    store,
    session,
    place: { read: () => location.hash, replace: (hash) => history.replaceState(null, "", hash || location.pathname) },
    onPalette: (name) => onIntent({ type: "palette", name }),
    later,
    cancel,
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
  const store = createStore(await loadOrSaySo(root, { api, memory }, () => loadState(api)));
  const pictures = connectPictures(api, store, worker);
  const session = connectRun(api, store, pictures);
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
    later,
    isHidden: () => document.hidden,
  }).start();
  await address.start();
  await wait(longestSilenceMs);
  root.dataset.ready = "true";
}
