/** Says whether the pictures can be trusted; and the way to take the model home. */

import { formatTiny } from "../core/format.js";
import { find, make, whenChanged } from "./elements.js";

/**
 * @typedef {object} SelfCheckData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {{equal: boolean, difference: number} | null} check null while it is not known
 * @property {string | null} failure why no picture can be drawn
 * @property {string | null} exportUrl
 */

/**
 * @param {SelfCheckData} data
 * @returns {{state: string, text: string}}
 */
function verdict({ translator: { t, language }, check, failure }) {
  if (failure) return { state: "different", text: t("check.failed", { message: failure }) };
  if (!check) return { state: "waiting", text: t("check.waiting") };
  const difference = check.difference === 0 ? "0" : formatTiny(check.difference, language);
  return check.equal
    ? { state: "equal", text: t("check.equal", { difference }) }
    : { state: "different", text: t("check.different", { difference }) };
}

/** @param {HTMLAnchorElement} link @param {string | null} exportUrl of one file; the others lie beside it */
function offer(link, exportUrl) {
  if (exportUrl) link.href = new URL(link.dataset.export ?? "", exportUrl).href;
  else link.removeAttribute("href");
  link.setAttribute("aria-disabled", String(!exportUrl));
}

/**
 * @param {ParentNode} root
 */
export function createSelfCheckView(root) {
  const badge = find(root, "#badge", HTMLElement);
  const text = find(root, "#badge-text", HTMLElement);
  const downloads = /** @type {NodeListOf<HTMLAnchorElement>} */ (root.querySelectorAll("a[data-export]"));
  text.removeAttribute("data-i18n");

  const render = whenChanged((/** @type {SelfCheckData} */ data) => {
    const shown = verdict(data);
    badge.dataset.check = shown.state;
    // The number in brackets stays in one piece when the line is too short.
    const [said, number = ""] = shown.text.split(/(?=\([^)]*\)$)/);
    text.replaceChildren(said, make("span", { class: "badge__number" }, number));
    for (const link of downloads) offer(link, data.exportUrl);
  });
  return { render, destroy() {} };
}
