/** Puts the reader's language into the fixed texts of the template. */

import { setText, whenChanged } from "./elements.js";

/** @typedef {import("../i18n/i18n.js").Translator} Translator */

/**
 * @param {HTMLElement} root the html element
 * @returns {{render: (data: {translator: Translator}) => void, destroy: () => void}}
 */
export function createPageTextView(root) {
  /** @param {string} name @param {(element: HTMLElement, key: string) => void} put */
  function forEach(name, put) {
    for (const element of root.querySelectorAll(`[${name}]`)) {
      put(/** @type {HTMLElement} */ (element), element.getAttribute(name) ?? "");
    }
  }

  const render = whenChanged((/** @type {{translator: Translator}} */ { translator }) => {
    root.lang = translator.language;
    root.dataset.language = translator.language;
    forEach("data-i18n", (element, key) => setText(element, translator.t(key)));
    forEach("data-i18n-label", (element, key) => element.setAttribute("aria-label", translator.t(key)));
    forEach("data-i18n-placeholder", (element, key) => element.setAttribute("placeholder", translator.t(key)));
    forEach("data-i18n-title", (element, key) => element.setAttribute("title", translator.t(key)));
  });
  return { render, destroy() {} };
}
