/** Keeps the address and the page alike: a link that is opened becomes the page's state, a change of it the address. */

import { imagesOfLink, linkOfImages } from "../../state/image-link.js";
import { obstacleOf } from "./obstacle.js";

/**
 * @typedef {import("./page-state.js").ImagesState} ImagesState
 * @typedef {import("../../state/image-link.js").ImageLink} ImageLink
 */

/**
 * @typedef {object} AddressOptions
 * @property {import("./room.js").ImagesStore} store
 * @property {Pick<import("../run-session.js").RunSession, "open" | "begin" | "hold">} session
 * @property {{read: () => string, replace: (hash: string) => void}} place where the address is
 * @property {(act: () => void, delayMs: number) => any} later
 * @property {(timer: any) => void} cancel
 */

/** A slider that moves is written once, when it has come to rest: browsers refuse an address that changes all the time. */
const restMs = 300;

/** @param {AddressOptions} options */
export function createAddress({ store, session, place, later, cancel }) {
  /** @type {string | null} */
  let written = null;
  /** @type {any} */
  let timer = null;
  let isFollowing = false;
  /** @type {{spec: unknown, runId: string | null}} */
  let followed = { spec: null, runId: null };

  function write() {
    const { spec, run, awaited, book } = store.get();
    const hash = linkOfImages(spec, awaited ?? run?.runId ?? null, book);
    if (hash === written) return;
    written = hash;
    place.replace(hash);
  }

  /** @param {ImageLink} link */
  async function take(link) {
    if (link.hasSettings) store.set({ spec: link.spec, networkName: null });
    // Until it is known whether there is such a run, the address keeps it: the server may answer late.
    isFollowing = false;
    const isOpen = link.runId !== null && (await session.open(link.runId));
    isFollowing = true;
    if (isOpen) return;
    if (obstacleOf(store.get()) === null) await session.begin({ paused: true });
    else session.hold();
  }

  return {
    /** Opens what the address says; called once. */
    async start() {
      await take(imagesOfLink(place.read(), store.get().book));
    },

    /** The address was changed by its reader: another link pasted, or a step back. */
    async changed() {
      const hash = place.read();
      if (hash === written) return;
      const link = imagesOfLink(hash, store.get().book);
      if (link.runId === null && !link.hasSettings) return;
      written = hash;
      await take(link);
      write();
    },

    /** Called after each change of the state. @param {ImagesState} state */
    follow({ spec, run }) {
      if (!isFollowing || (followed.spec === spec && followed.runId === (run?.runId ?? null))) return;
      followed = { spec, runId: run?.runId ?? null };
      cancel(timer);
      timer = later(write, restMs);
    },
  };
}
