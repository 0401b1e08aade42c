/** What the page's state keeps of this room. */

/**
 * @typedef {object} PresetsSlice
 * @property {readonly import("../../state/presets.js").Preset[] | null} list null before it was fetched
 * @property {Record<string, import("../../state/presets.js").PresetPicture>} pictures by name
 * @property {boolean} hasFailed it could not be fetched
 * @property {string | null} chosen whose note is shown
 * @property {boolean} isNewcomer nothing was ever trained in this browser
 */

/** @type {PresetsSlice} */
export const presetsAtFirst = Object.freeze({
  list: null,
  pictures: {},
  hasFailed: false,
  chosen: null,
  isNewcomer: false,
});
