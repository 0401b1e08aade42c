/** What the card to take a network home keeps in the page's state. */

/**
 * @typedef {object} Taking one file on its way
 * @property {"making" | "taken" | "failed"} state
 * @property {number | null} bytes
 * @property {string | null} message why it failed
 */

/** @typedef {{runId: string | null, files: Readonly<Record<string, Taking>>}} TakeHomeSlice files by name, of one run */

/** @type {TakeHomeSlice} */
export const takeHomeAtFirst = Object.freeze({ runId: null, files: Object.freeze({}) });

/** The formats, the one for everybody first; the key of their texts, and whether they take seconds to be made. */
export const formats = Object.freeze([
  { name: "page.html", key: "page", isSlow: false },
  { name: "tfjs.zip", key: "tfjs", isSlow: false },
  { name: "model.keras", key: "keras", isSlow: false },
  { name: "saved_model.zip", key: "saved_model", isSlow: true },
  { name: "model.tflite", key: "tflite", isSlow: true },
  { name: "script.py", key: "script", isSlow: false },
  { name: "notebook.ipynb", key: "notebook", isSlow: false },
]);
