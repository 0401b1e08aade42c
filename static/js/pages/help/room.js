/** What every control does and what to look for; the keyboard's shortcuts. */

/**
 * @param {import("../room.js").Tools} _tools
 * @returns {import("../room.js").Room}
 */
export function createHelpRoom(_tools) {
  return {};
}
