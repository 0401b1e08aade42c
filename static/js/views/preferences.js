/** Language and colours of the page. */

import { find, whenChanged } from "./elements.js";

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "language" | "scheme"}) => void}} options
 */
export function createPreferencesView(root, { onIntent }) {
  const language = find(root, "#language", HTMLButtonElement);
  const theme = find(root, "#theme", HTMLButtonElement);
  language.onclick = () => onIntent({ type: "language" });
  theme.onclick = () => onIntent({ type: "scheme" });

  const render = whenChanged(
    (/** @type {{translator: import("../i18n/i18n.js").Translator, scheme: string}} */ { translator, scheme }) => {
      const other = translator.language === "fr" ? "en" : "fr";
      language.textContent = other.toUpperCase();
      language.lang = other;
      language.setAttribute("aria-label", translator.t("language.other"));
      language.title = translator.t("language.other");
      const name = translator.t(scheme === "dark" ? "theme.light" : "theme.dark");
      theme.setAttribute("aria-label", name);
      theme.title = name;
    },
  );
  return { render, destroy() {} };
}
