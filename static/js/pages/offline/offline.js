/** The page that people take home: it reads the network out of itself, checks that it answers as Keras did, and asks it. */

import { decodeWeights } from "../../core/weights.js";
import { chooseLanguage, createTranslator } from "../../i18n/i18n.js";
import { loadModel } from "../../inference/model-loader.js";
import { startLibrary } from "../../inference/offline-library.js";
import { checkModel } from "../../inference/self-check.js";
import { applyScheme, watchSystemScheme } from "../../views/color-scheme.js";
import { readBytes, readPayload } from "../../views/offline/page-data.js";
import { createOfflineHeadView } from "../../views/offline/page-head.js";
import { createPageTextView } from "../../views/page-text.js";
import { openPictures } from "./pictures.js";
import { openPlaces } from "./places.js";

/**
 * @typedef {object} Contents what the page has of its network, as server/take_home/page.py writes it
 * @property {string} runId
 * @property {number} epoch
 * @property {string} title
 * @property {"image" | "plane" | "curve"} kind
 * @property {readonly number[]} shape of one sample
 * @property {readonly string[]} classes empty for numbers
 * @property {any} spec
 * @property {any} model model.json
 * @property {string} weights base64
 * @property {any} probe
 * @property {Record<string, Record<string, string>>} texts by language
 */

/**
 * @typedef {object} Asked what the parts of the page are given
 * @property {HTMLElement} root
 * @property {Contents} contents
 * @property {any} tf
 * @property {any} model
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {import("../../inference/self-check.js").Check} check
 */

/** @typedef {{say: (translator: import("../../i18n/i18n.js").Translator) => void, recolor: () => void}} Part */

/** @param {Contents} contents @param {any} library */
async function loadNetwork({ model: description, weights, probe }, library) {
  const tf = await startLibrary(library, readBytes("offline-kernels"));
  const bytes = decodeWeights(weights).buffer;
  const model = await loadModel(tf, { model: description, weights: /** @type {ArrayBuffer} */ (bytes), probe });
  return { tf, model, check: await checkModel(tf, model, description, probe) };
}

/** @param {HTMLElement} root the html element */
export async function startOffline(root) {
  const contents = /** @type {Contents} */ (readPayload("offline-data"));
  const translate = (/** @type {string} */ language) => createTranslator(language, contents.texts[language]);
  let translator = translate(chooseLanguage(navigator.languages, null));
  const texts = createPageTextView(root);
  const head = createOfflineHeadView(root, { onLanguage: (language) => speak(language) });
  /** @type {Part | null} */
  let part = null;

  /** @param {string} language */
  function speak(language) {
    translator = translate(language);
    texts.render({ translator });
    head.render({ translator, contents });
    part?.say(translator);
  }

  applyScheme(root, null);
  speak(translator.language);
  try {
    const { tf, model, check } = await loadNetwork(contents, /** @type {any} */ (globalThis).tf);
    const open = contents.kind === "image" ? openPictures : openPlaces;
    part = open({ root, contents, tf, model, translator, check });
    watchSystemScheme(() => part?.recolor());
  } catch (error) {
    head.fail(translator.t("offline.failed", { message: String(error) }));
  }
  root.dataset.ready = "true";
}
