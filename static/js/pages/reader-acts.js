/** What a reader chooses for all pages: language, light or dark, palette. The browser remembers it. */

import { divergingRamp } from "../core/color.js";
import { createTranslator } from "../i18n/i18n.js";
import { applyScheme, watchSystemScheme } from "../views/color-scheme.js";

/**
 * @typedef {object} ReaderState
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {import("../views/color-scheme.js").Palette} palette
 * @property {Uint32Array} ramp
 */

/**
 * @typedef {object} ReaderTools
 * @property {HTMLElement} root the html element
 * @property {{get: () => ReaderState, set: (change: Partial<ReaderState>) => void}} store
 * @property {Pick<import("../transport/api.js").Api, "fetchMessages">} api
 * @property {import("./memory.js").Memory} memory
 */

/** @param {ReaderTools} tools */
async function switchLanguage({ api, store, memory }) {
  const language = store.get().translator.language === "fr" ? "en" : "fr";
  // Without the server the texts stay as they are; the page says already that it is away.
  const messages = await api.fetchMessages(language).catch(() => null);
  if (messages === null) return;
  store.set({ translator: createTranslator(language, messages) });
  memory.keep("language", language);
}

/** @param {ReaderTools} tools @param {string | null} scheme @param {string} [name] of the palette */
function setScheme({ root, store }, scheme, name = store.get().palette.name) {
  const palette = applyScheme(root, scheme, name);
  store.set({ palette, ramp: divergingRamp(palette.diverging) });
}

/** @param {ReaderTools} tools */
function switchScheme(tools) {
  const scheme = tools.store.get().palette.scheme === "dark" ? "light" : "dark";
  tools.memory.keep("scheme", scheme);
  setScheme(tools, scheme);
}

/** @param {ReaderTools} tools @param {string} name */
function choosePalette(tools, name) {
  tools.memory.keep("palette", name);
  setScheme(tools, tools.memory.recall("scheme"), name);
}

/** @param {ReaderTools} tools @returns {Record<string, (intent: any) => void>} */
export function createReaderActs(tools) {
  watchSystemScheme(() => setScheme(tools, tools.memory.recall("scheme")));
  return {
    language: () => switchLanguage(tools),
    scheme: () => switchScheme(tools),
    palette: ({ name }) => choosePalette(tools, name),
  };
}
