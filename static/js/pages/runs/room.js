/** The runs of this browser: listed, named, opened again, deleted; up to four side by side. */

/**
 * @param {import("../room.js").Tools} _tools
 * @returns {import("../room.js").Room}
 */
export function createRunsRoom(_tools) {
  return {};
}
