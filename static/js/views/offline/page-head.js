/** The head of the page that people take home: which network this is, and in which language it speaks. */

import { find, setText, whenChanged } from "../elements.js";

/**
 * @typedef {object} OfflineHeadData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {{title: string, epoch: number, spec: any}} contents
 */

/**
 * @param {ParentNode} root
 * @param {{onLanguage: (language: string) => void}} options
 */
export function createOfflineHeadView(root, { onLanguage }) {
  const title = find(root, "#offline-title", HTMLElement);
  const about = find(root, "#offline-about", HTMLElement);
  const trouble = find(root, "#offline-trouble", HTMLElement);
  const language = find(root, "#offline-language", HTMLButtonElement);
  let other = "fr";
  language.onclick = () => onLanguage(other);

  const render = whenChanged((/** @type {OfflineHeadData} */ { translator, contents }) => {
    const { t, orElse } = translator;
    const name = orElse(`dataset.${contents.spec.dataset.name}`, contents.title);
    setText(title, name);
    document.title = `${name} · Neural Playground`;
    setText(about, t("offline.about", { count: contents.epoch }));
    other = translator.language === "en" ? "fr" : "en";
    Object.assign(language, { lang: other, textContent: other.toUpperCase(), hidden: false });
    language.setAttribute("aria-label", other === "fr" ? "Français" : "English");
  });
  return {
    render,
    /** @param {string} sentence */
    fail(sentence) {
      trouble.hidden = false;
      setText(trouble, sentence);
    },
    destroy() {},
  };
}
