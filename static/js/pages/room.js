/**
 * A room of the page: one subject with its views, what they show, and what its intents do. The front door lists the rooms
 * (rooms.js); nothing else knows them. A room is a folder with
 *
 * - `room.js`: `create…Room(tools)`, which wires views and transport,
 * - `view-data.js`: pure, the page's state as its views want it,
 * - `changes.js`: pure, what its intents make of the page's state,
 * - `slice.js`: what it keeps in the page's state, if anything.
 */

/**
 * @typedef {import("./page-state.js").PageState} PageState
 * @typedef {import("../state/store.js").Store<PageState>} PageStore
 * @typedef {import("../transport/api.js").Api} Api
 */

/**
 * @typedef {object} Tools what every room is given
 * @property {HTMLElement} root the html element
 * @property {PageStore} store
 * @property {Api} api
 * @property {import("./run-session.js").RunSession<import("./runs/run-shelf.js").RunShelf>} session
 * @property {import("./output/picture-session.js").PictureSession} pictures
 * @property {import("./memory.js").Memory} memory what this browser remembers of its reader
 * @property {(intent: any) => void} onIntent
 * @property {() => number} now milliseconds
 * @property {(delayMs: number) => Promise<void>} wait
 */

/**
 * @typedef {object} Room
 * @property {(state: PageState) => void} [render] draws; at most once per animation frame
 * @property {(state: PageState) => void} [follow] called after each change of the state; may ask the server or set the state
 * @property {Record<string, (intent: any) => void>} [acts] what intents of these types do beyond changing the state
 */

/** @typedef {Partial<PageState>} StateChange */

/**
 * @typedef {Record<string, (state: PageState, value: any) => StateChange>} Changes
 * What an intent makes of the state, by its name: the state and the intent's value in (the whole intent when it has
 * none), the change out. A change of the spec finds its way to the server by itself.
 */
export {};
