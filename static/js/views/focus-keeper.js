/** Whoever presses a control that then goes away must not be thrown back to the top of the page. */

/**
 * @param {HTMLElement} control
 * @param {() => HTMLElement | null} next where its focus goes when it has gone
 * @param {() => void} change may hide the control
 */
export function keepFocus(control, next, change) {
  const hadFocus = control === control.ownerDocument.activeElement;
  change();
  if (hadFocus && control.closest("[hidden]")) next()?.focus();
}
