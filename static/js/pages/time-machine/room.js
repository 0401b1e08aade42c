/** The frames of a run that the page keeps, and scrubbing through them without asking the server. */

/**
 * @param {import("../room.js").Tools} _tools
 * @returns {import("../room.js").Room}
 */
export function createTimeMachineRoom(_tools) {
  return {};
}
