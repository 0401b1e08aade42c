/** What taking files home makes of the page's state. */

/**
 * @typedef {import("./slice.js").TakeHomeSlice} TakeHomeSlice
 * @typedef {import("./slice.js").Taking} Taking
 */

/**
 * @param {TakeHomeSlice} slice
 * @param {string} runId
 * @param {string} name of a file
 * @param {Taking} taking
 * @returns {TakeHomeSlice} files of another run are forgotten
 */
export function withTaking(slice, runId, name, taking) {
  const files = slice.runId === runId ? slice.files : {};
  return { runId, files: { ...files, [name]: taking } };
}
