/** The dialogs of the page: a button with `data-opens="help"` opens the dialog named "help-dialog". At most one is open. */

import { whenChanged } from "./elements.js";

/** @typedef {{type: "open_dialog", name: string} | {type: "close_dialog"}} DialogIntent */

/**
 * A press on what lies around a dialog closes it; the dialog itself has no padding, so that only the surroundings are left.
 * @param {HTMLDialogElement} dialog
 * @param {() => void} close
 * @param {() => boolean} isWanted it is to be open
 */
function closeByPressing(dialog, close, isWanted) {
  dialog.addEventListener("click", (press) => {
    const target = /** @type {Element} */ (press.target);
    if (target === dialog || target.closest("[data-closes]")) close();
  });
  dialog.addEventListener("cancel", (cancel) => {
    cancel.preventDefault();
    close();
  });
  // A browser may close a dialog without asking, after a second Escape; of one that gave way to another this is no news.
  dialog.addEventListener("close", () => isWanted() && close());
}

/**
 * @param {HTMLElement} root
 * @param {{onIntent: (intent: DialogIntent) => void}} options
 */
export function createDialogsView(root, { onIntent }) {
  const dialogs = /** @type {NodeListOf<HTMLDialogElement>} */ (root.querySelectorAll("dialog[id$='-dialog']"));
  let wanted = "";
  for (const dialog of dialogs) {
    const close = () => onIntent({ type: "close_dialog" });
    closeByPressing(dialog, close, () => dialog.id === wanted);
  }
  root.addEventListener("click", (press) => {
    const opener = /** @type {Element} */ (press.target).closest("[data-opens]");
    if (opener instanceof HTMLElement) onIntent({ type: "open_dialog", name: opener.dataset.opens ?? "" });
  });

  const render = whenChanged((/** @type {{open: string | null}} */ { open }) => {
    wanted = `${open}-dialog`;
    for (const dialog of dialogs) {
      const isWanted = dialog.id === wanted;
      if (isWanted && !dialog.open) dialog.showModal();
      if (!isWanted && dialog.open) dialog.close();
    }
  });
  return { render, destroy() {} };
}
