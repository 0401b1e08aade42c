/** Settings worth seeing, good and bad, with a word on what to look at. */

/**
 * @param {import("../room.js").Tools} _tools
 * @returns {import("../room.js").Room}
 */
export function createPresetsRoom(_tools) {
  return {};
}
