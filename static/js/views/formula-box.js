/** The law of the data as text: checked while it is typed; what is wrong with it is said below, in place. */

import { find, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} FormulaBoxData
 * @property {string | null} text as typed or as the data have it; null where the data have no formula
 * @property {string | null} problem
 * @property {string} hint what may be written
 */

/** @typedef {{type: "type_formula", text: string}} FormulaIntent */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: FormulaIntent) => void}} options
 */
export function createFormulaBoxView(root, { onIntent }) {
  const box = find(root, "#formula-box", HTMLElement);
  const input = find(root, "#formula", HTMLInputElement);
  const says = find(root, "#formula-says", HTMLElement);
  input.oninput = () => onIntent({ type: "type_formula", text: input.value });

  const render = whenChanged((/** @type {FormulaBoxData} */ { text, problem, hint }) => {
    box.hidden = text === null;
    if (text !== null && input.value !== text) input.value = text;
    input.setAttribute("aria-invalid", String(problem !== null));
    says.dataset.isProblem = String(problem !== null);
    setText(says, problem ?? hint);
  });
  return { render, destroy() {} };
}
