/**
 * A room of the image page: one subject with its views, as on the playground page (pages/room.js tells how they are made).
 * rooms.js lists them.
 */

/**
 * @typedef {import("./page-state.js").ImagesState} ImagesState
 * @typedef {import("../../state/store.js").Store<ImagesState>} ImagesStore
 */

/**
 * @typedef {object} Tools what every room is given
 * @property {HTMLElement} root the html element
 * @property {ImagesStore} store
 * @property {import("../../transport/image-api.js").ImageApi} api
 * @property {import("../run-session.js").RunSession} session makes, opens and steers the run
 * @property {import("./network-session.js").NetworkSession} network the network in this browser: what it says to a picture
 * @property {import("../memory.js").Memory} memory what this browser remembers of its reader
 * @property {(intent: any) => void} onIntent acts of rooms by their type; any other intent changes the spec (spec-intents.js)
 * @property {() => number} now milliseconds
 * @property {(delayMs: number) => Promise<void>} wait
 * @property {() => boolean} isHidden nobody looks at the page
 * @property {(act: () => void) => void} onLeave when the page is left
 */

/**
 * @typedef {object} Room
 * @property {(state: ImagesState) => void} [render] draws; at most once per animation frame
 * @property {(state: ImagesState) => void} [follow] called after each change of the state; may ask the server or set the state
 * @property {Record<string, (intent: any) => void>} [acts] what intents of these types do beyond changing the spec
 */

/** @typedef {Partial<ImagesState>} StateChange */

/** @typedef {Record<string, (state: ImagesState, value: any) => StateChange>} Changes what an intent makes of the state, by its name */
export {};
