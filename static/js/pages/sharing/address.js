/** Keeps the address and the page alike: a link that is opened becomes the page's state, a change of it the address. */

import { linkOfState, specOfLink } from "../../state/permalink.js";
import { controlsOf } from "../page-state.js";
import { shownInLink } from "./view-data.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../state/permalink.js").Link} Link
 */

/**
 * @typedef {object} AddressOptions
 * @property {import("../../state/store.js").Store<PageState>} store
 * @property {{open: (runId: string) => Promise<boolean>, begin: (how: {paused: boolean}) => Promise<void>}} session
 * @property {{read: () => string, replace: (hash: string) => void}} place where the address is
 * @property {(name: string) => void} onPalette the link asks for other colours
 * @property {(act: () => void, delayMs: number) => any} later
 * @property {(timer: any) => void} cancel
 */

/** A slider that moves is written once, when it has come to rest: browsers refuse an address that changes all the time. */
const restMs = 300;

/**
 * @param {PageState} state
 * @param {Link} link
 * @returns {Partial<PageState>} what the link changes, whether or not its run is still there
 */
function changesOf(state, link) {
  const { hidden, isEmbedded, problems, isPlaygrounds } = link;
  return {
    ...(link.hasSettings ? controlsOf(link.spec) : {}),
    ...(link.speed === undefined ? {} : { speed: link.speed }),
    ...(link.panel ? { panel: link.panel } : {}),
    display: { ...state.display, ...link.display },
    sharing: { ...state.sharing, hidden, isEmbedded, chosen: hidden, problems, isPlaygrounds },
  };
}

/** @param {AddressOptions} options */
export function createAddress({ store, session, place, onPalette, later, cancel }) {
  /** @type {string | null} */
  let written = null;
  /** @type {string | null | undefined} */
  let runId = null;
  /** @type {any} */
  let timer = null;
  let isFollowing = false;

  function write() {
    cancel(timer);
    timer = null;
    const state = store.get();
    const hash = linkOfState(shownInLink(state), state.book);
    if (hash === written) return;
    written = hash;
    place.replace(hash);
  }

  /** @param {Link} link */
  async function take(link) {
    // Until it is known whether there is such a run, the address keeps it: the server may answer late.
    isFollowing = false;
    store.set(changesOf(store.get(), link));
    if (link.palette) onPalette(link.palette);
    const isOpen = link.runId !== null && (await session.open(link.runId));
    isFollowing = true;
    if (!isOpen) await session.begin({ paused: true });
  }

  /** @param {Link} link @returns {boolean} it says of the shown run what is shown */
  function isShown(link) {
    const { run, spec } = store.get();
    return run !== null && link.runId === run.runId && JSON.stringify(link.spec) === JSON.stringify(spec);
  }

  return {
    /** Opens what the address says; called once. */
    async start() {
      await take(specOfLink(place.read(), store.get().book));
      write();
    },

    /** The address was changed by its reader: another link pasted, or a step back. */
    async changed() {
      const hash = place.read();
      if (hash === written) return;
      const link = specOfLink(hash, store.get().book);
      if (link.runId === null && !link.hasSettings) return;
      written = hash;
      const isEdited = link.runId === store.get().run?.runId && link.hasSettings && !isShown(link);
      await take(isEdited ? { ...link, runId: null } : link);
      write();
    },

    /** Called after each change of the state. @param {PageState} state */
    follow(state) {
      if (!isFollowing) return;
      if (state.run?.runId !== runId) {
        runId = state.run?.runId;
        write();
      } else if (timer === null) timer = later(write, restMs);
    },
  };
}
