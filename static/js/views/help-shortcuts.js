/** Keys that press the page's controls, wherever the focus is, unless it is where a key has a meaning of its own. */

import { shortcutFor } from "../core/shortcuts.js";

const texts =
  "input:not([type]), input[type=text], input[type=search], input[type=number], textarea, select, [contenteditable]";
const choices =
  "input, .diagram, [role=tab], [role=slider], [role=application], [role=radio], [role=menu], [role=listbox]";
const buttons = "button, a[href], summary, [role=button]";

/** @param {EventTarget | null} target @returns {import("../core/shortcuts.js").KeyPress["target"]} */
function kindOf(target) {
  if (!(target instanceof Element)) return "page";
  if (target.closest(texts)) return "text";
  if (target.closest(choices)) return "choice";
  return target.closest(buttons) ? "button" : "page";
}

/**
 * @param {HTMLElement} root
 */
export function createShortcutsView(root) {
  let isOn = false;

  /** @param {KeyboardEvent} press */
  function obey(press) {
    if (!isOn || press.defaultPrevented || root.querySelector("dialog[open]")) return;
    const shortcut = shortcutFor({
      key: press.key,
      code: press.code,
      hasModifier: press.ctrlKey || press.altKey || press.metaKey,
      isRepeated: press.repeat,
      target: kindOf(press.target),
    });
    const control = shortcut && root.querySelector(shortcut.presses);
    if (!(control instanceof HTMLElement) || control.getClientRects().length === 0) return;
    press.preventDefault();
    control.click();
    if (control.matches("[role=tab]")) control.scrollIntoView({ block: "nearest" });
  }

  root.addEventListener("keydown", obey);
  return {
    /** @param {{hasShortcuts: boolean}} data */
    render({ hasShortcuts }) {
      isOn = hasShortcuts;
    },
    destroy: () => root.removeEventListener("keydown", obey),
  };
}
