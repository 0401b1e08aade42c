/** The dialogs of the page: a button with `data-opens="help"` opens the dialog named "help-dialog". At most one is open. */

import { whenChanged } from "./elements.js";

/** @typedef {{type: "open_dialog", name: string} | {type: "close_dialog"}} DialogIntent */

/**
 * A press on what lies around a dialog closes it; the dialog itself has no padding, so that only the surroundings are left.
 * @param {HTMLDialogElement} dialog
 * @param {() => void} close
 */
function closeByPressing(dialog, close) {
  dialog.addEventListener("click", (press) => {
    const target = /** @type {Element} */ (press.target);
    if (target === dialog || target.closest("[data-closes]")) close();
  });
  dialog.addEventListener("cancel", (cancel) => {
    cancel.preventDefault();
    close();
  });
  // A browser may close a dialog without asking, after a second Escape.
  dialog.addEventListener("close", close);
}

/**
 * @param {HTMLElement} root
 * @param {{onIntent: (intent: DialogIntent) => void}} options
 */
export function createDialogsView(root, { onIntent }) {
  const dialogs = /** @type {NodeListOf<HTMLDialogElement>} */ (root.querySelectorAll("dialog[id$='-dialog']"));
  for (const dialog of dialogs) closeByPressing(dialog, () => onIntent({ type: "close_dialog" }));
  root.addEventListener("click", (press) => {
    const opener = /** @type {Element} */ (press.target).closest("[data-opens]");
    if (opener instanceof HTMLElement) onIntent({ type: "open_dialog", name: opener.dataset.opens ?? "" });
  });

  const render = whenChanged((/** @type {{open: string | null}} */ { open }) => {
    for (const dialog of dialogs) {
      const isWanted = dialog.id === `${open}-dialog`;
      if (isWanted && !dialog.open) dialog.showModal();
      if (!isWanted && dialog.open) dialog.close();
    }
  });
  return { render, destroy() {} };
}
