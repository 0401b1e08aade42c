/** The page's address: every setting in it, and links that hide controls. */

/**
 * @param {import("../room.js").Tools} _tools
 * @returns {import("../room.js").Room}
 */
export function createSharingRoom(_tools) {
  return {};
}
