/** The front door of the image page: wires state, transport and the rooms together. */

import { createTranslator } from "../../i18n/i18n.js";
import { createImageAsker } from "../../inference/image-asker.js";
import { createStore } from "../../state/store.js";
import { createImageApi } from "../../transport/image-api.js";
import { applyScheme } from "../../views/color-scheme.js";
import { createMemory } from "../memory.js";
import { baseUrl, cancel, drawOncePerFrame, languageOf, later, loadOrSaySo, openStream, wait } from "../page-life.js";
import { RunSession } from "../run-session.js";
import { ServerHealth } from "../server-health.js";
import { createAddress } from "./address.js";
import { findCollections } from "./data/collection-session.js";
import { followChanges } from "./follow-changes.js";
import { ImageShelf } from "./image-shelf.js";
import { NetworkSession } from "./network-session.js";
import { controlsOfRun, initialState } from "./page-state.js";
import { createRooms } from "./rooms.js";

/**
 * @typedef {import("./page-state.js").ImagesState} ImagesState
 * @typedef {import("./room.js").ImagesStore} ImagesStore
 * @typedef {import("../../transport/image-api.js").ImageApi} ImageApi
 */

const root = document.documentElement;
const memory = createMemory(() => localStorage);

/** @param {ImageApi} api @returns {Promise<ImagesState>} */
async function loadState(api) {
  const language = languageOf(memory);
  const [specAnswer, datasets, networks, collections, messages] = await Promise.all([
    api.fetchSpec(),
    api.fetchDatasets(),
    api.fetchImageNetworks(),
    findCollections(api, memory),
    api.fetchMessages(language),
  ]);
  const palette = applyScheme(root, memory.recall("scheme"), memory.recall("palette"));
  const state = initialState(specAnswer, datasets, networks, createTranslator(language, messages), palette);
  return { ...state, data: { ...state.data, collections } };
}

/** @param {ImageApi} api @param {ImagesStore} store */
function connectRun(api, store) {
  /** @type {RunSession} */
  const session = new RunSession({
    api,
    store: /** @type {any} */ (store),
    stream: openStream(api, store, () => session),
    onOpened: () => store.set({ model: null }),
    shelf: new ImageShelf({ api, memory, later }),
    canShow: ({ spec }) => store.get().datasets.some(({ name }) => name === spec.dataset.name),
    controlsOf: controlsOfRun,
    later,
    cancel,
  });
  return session;
}

/** The network in this browser. @param {ImageApi} api @param {ImagesStore} store @param {Worker} worker */
function connectNetwork(api, store, worker) {
  const asker = createImageAsker({ worker, onBroken: (message) => network.breakDown(message) });
  const network = new NetworkSession({ api, store, asker, wait, now: () => performance.now() });
  return network;
}

/** The page can be used when a run is there, or when it is known why not. @param {ImagesState} state */
function markReady({ run, samples, trouble, isCreating }) {
  if (trouble || (!isCreating && (run === null || samples))) root.dataset.ready = "true";
}

/** A full server answers late; every control works before. */
const longestSilenceMs = 5000;

/** @returns {Promise<void>} */
export async function startImages() {
  const api = createImageApi({ baseUrl, fetch: window.fetch.bind(window) });
  // First of all: the worker loads TensorFlow.js while the page asks the server.
  const worker = new Worker(new URL("../../inference/inference.worker.js", import.meta.url), { name: "images" });
  const store = createStore(await loadOrSaySo(root, { api, memory }, () => loadState(api)));
  const session = connectRun(api, store);
  const network = connectNetwork(api, store, worker);
  const change = followChanges(store, session);
  const onIntent = (/** @type {any} */ intent) => (rooms.acts[intent.type] ?? change)(intent);
  const rooms = createRooms({
    root,
    store,
    api,
    session,
    network,
    memory,
    onIntent,
    now: () => performance.now(),
    wait,
    isHidden: () => document.hidden,
    onLeave: (act) => window.addEventListener("pagehide", act),
  });
  store.subscribe(rooms.follow);
  const place = {
    read: () => location.hash,
    replace: (/** @type {string} */ hash) => history.replaceState(null, "", hash || location.pathname),
  };
  const address = createAddress({ store, session, place, later, cancel });
  window.addEventListener("hashchange", () => address.changed());
  store.subscribe(address.follow);
  drawOncePerFrame(store, (state) => {
    rooms.render(state);
    markReady(state);
  });
  new ServerHealth({ api, store, later, isHidden: () => document.hidden }).start();
  await address.start();
  await wait(longestSilenceMs);
  root.dataset.ready = "true";
}
