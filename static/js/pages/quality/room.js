/** How good the answers are: accuracy, confusion, explained variance, residuals. */

/**
 * @param {import("../room.js").Tools} _tools
 * @returns {import("../room.js").Room}
 */
export function createQualityRoom(_tools) {
  return {};
}
