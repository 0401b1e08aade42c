/** Language and colours of the page. */

import { paletteNames } from "../core/color.js";
import { fillSelect, find, whenChanged } from "./elements.js";

/**
 * @typedef {object} PreferencesData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {import("./color-scheme.js").Palette} palette
 */

/** @typedef {{type: "language"} | {type: "scheme"} | {type: "palette", name: string}} PreferenceIntent */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: PreferenceIntent) => void}} options
 */
export function createPreferencesView(root, { onIntent }) {
  const language = find(root, "#language", HTMLButtonElement);
  const theme = find(root, "#theme", HTMLButtonElement);
  const choice = find(root, "#palette", HTMLSelectElement);
  language.onclick = () => onIntent({ type: "language" });
  theme.onclick = () => onIntent({ type: "scheme" });
  choice.onchange = () => onIntent({ type: "palette", name: choice.value });

  const render = whenChanged((/** @type {PreferencesData} */ { translator, palette }) => {
    const other = translator.language === "fr" ? "en" : "fr";
    language.textContent = other.toUpperCase();
    language.lang = other;
    // What is seen begins the name, so that a voice that says what it sees finds the button.
    language.setAttribute("aria-label", `${other.toUpperCase()}: ${translator.t("language.other")}`);
    language.title = translator.t("language.other");
    const name = translator.t(palette.scheme === "dark" ? "theme.light" : "theme.dark");
    theme.setAttribute("aria-label", name);
    theme.title = name;
    const palettes = paletteNames.map((value) => ({ value, text: translator.t(`palette.${value}`) }));
    fillSelect(choice, palettes, palette.name);
  });
  return { render, destroy() {} };
}
