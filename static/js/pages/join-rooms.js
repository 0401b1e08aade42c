/** Several rooms as one: each is told of every change, drawn with every frame, and asked about the intents it knows. */

/**
 * @template State
 * @typedef {object} AnyRoom
 * @property {(state: State) => void} [render]
 * @property {(state: State) => void} [follow]
 * @property {Record<string, (intent: any) => void>} [acts]
 */

/**
 * @template {{store: {get: () => State}}} Tools
 * @template State
 * @param {readonly ((tools: Tools) => AnyRoom<State>)[]} makers
 * @param {Tools} tools
 */
export function joinRooms(makers, tools) {
  const rooms = makers.map((make) => make(tools));
  return {
    /** @type {Record<string, (intent: any) => void>} */
    acts: Object.assign({}, ...rooms.map((room) => room.acts ?? {})),
    /** What one room sets the next one sees: no room is told of a state that is over. */
    follow() {
      for (const room of rooms) room.follow?.(tools.store.get());
    },
    /** @param {State} state */
    render(state) {
      for (const room of rooms) room.render?.(state);
    },
  };
}
