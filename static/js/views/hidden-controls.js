/** Hides the controls a link names. The style sheet knows where they are; cards without anything left in them go too. */

import { whenChanged } from "./elements.js";

/** Cards that may lose all they hold, and what counts as holding something. */
const cards = ".card, .choices";
const content = ":scope > :not(h2, .spoken)";

/** @param {Element} element */
const isShown = (element) => getComputedStyle(element).display !== "none";

/** @param {HTMLElement} root the html element */
export function createHiddenControlsView(root) {
  /** @param {Element} card */
  function markEmpty(card) {
    card.toggleAttribute("data-empty", false);
    card.toggleAttribute("data-empty", ![...card.querySelectorAll(content)].some(isShown));
  }

  const render = whenChanged(
    (/** @type {{hidden: readonly string[], isEmbedded: boolean}} */ { hidden, isEmbedded }) => {
      root.dataset.hides = hidden.join(" ");
      root.dataset.embedded = String(isEmbedded);
      for (const card of root.querySelectorAll(cards)) markEmpty(card);
      for (const column of root.querySelectorAll(".column")) {
        column.toggleAttribute("data-empty", column.querySelector(":scope > .card:not([data-empty])") === null);
      }
    },
  );
  return { render, destroy() {} };
}
