/** Examples: settings worth seeing, with a small picture of where they lead. The texts are in the locale files. */

/**
 * @typedef {object} Preset
 * @property {string} name
 * @property {"works" | "fails"} verdict
 * @property {Record<string, any>} spec what differs from the server's default
 * @property {number | null} [speed]
 * @property {string} [panel] the tab to open
 */

/**
 * @typedef {{kind: "plane", size: number, cells: string}
 *   | {kind: "classes", size: number, classes: number, cells: string}
 *   | {kind: "curve", x: number[], answers: number[], truth: number[]}} PictureFile
 */

/**
 * @typedef {{kind: "plane", size: number, grid: Float32Array}
 *   | {kind: "classes", size: number, grids: Float32Array[]}
 *   | {kind: "curve", x: number[], answers: number[], truth: number[]}} PresetPicture
 */

/** @param {any} value */
const isGroup = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * @param {any} start
 * @param {any} change
 * @returns {any} lists and single values of the change replace those of the start, groups are mixed
 */
function mixed(start, change) {
  if (!isGroup(start) || !isGroup(change)) return change;
  const entries = Object.entries(change).map(([name, value]) => [name, mixed(start[name], value)]);
  return { ...start, ...Object.fromEntries(entries) };
}

/**
 * @param {Preset} preset
 * @param {import("./spec.js").RunSpec} start the server's default spec
 * @returns {import("./spec.js").RunSpec}
 */
export function specOfPreset(preset, start) {
  return mixed(start, preset.spec);
}

/** @param {string} cells base64 @returns {Uint8Array} */
function bytesOf(cells) {
  return Uint8Array.from(atob(cells), (sign) => sign.charCodeAt(0));
}

/**
 * @param {PictureFile} file
 * @returns {PresetPicture} ready to be painted: -1 to 1 on a plane, 0 or 1 for each class
 */
export function pictureOf(file) {
  if (file.kind === "curve") return file;
  const bytes = bytesOf(file.cells);
  if (file.kind === "plane") {
    return { kind: "plane", size: file.size, grid: Float32Array.from(bytes, (byte) => byte / 127.5 - 1) };
  }
  const grids = Array.from({ length: file.classes }, (_unused, label) =>
    Float32Array.from(bytes, (byte) => (byte === label ? 1 : 0)),
  );
  return { kind: "classes", size: file.size, grids };
}
