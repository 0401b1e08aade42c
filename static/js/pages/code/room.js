/** The Keras script and notebook of the present settings. */

/**
 * @param {import("../room.js").Tools} _tools
 * @returns {import("../room.js").Room}
 */
export function createCodeRoom(_tools) {
  return {};
}
