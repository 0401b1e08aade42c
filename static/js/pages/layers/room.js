/** What goes on inside: a table of the layers, and how their weights and gradients are spread. */

/**
 * @param {import("../room.js").Tools} _tools
 * @returns {import("../room.js").Room}
 */
export function createLayersRoom(_tools) {
  return {};
}
