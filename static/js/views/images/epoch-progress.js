/** How far training has come: a bar and a line of words. */

import { find, setText, whenChanged } from "../elements.js";

/**
 * @param {ParentNode} root
 */
export function createEpochProgressView(root) {
  const bar = find(root, "#epoch-bar", HTMLElement);
  const filled = find(bar, "i", HTMLElement);
  const words = find(root, "#epoch-text", HTMLElement);
  const render = whenChanged((/** @type {{share: number, text: string}} share: 0 to 1 */ { share, text }) => {
    const percent = Math.round(share * 100);
    bar.setAttribute("aria-valuenow", String(percent));
    bar.setAttribute("aria-valuetext", text || `${percent} %`);
    filled.style.width = `${share * 100}%`;
    setText(words, text || "\u00a0");
  });
  return { render, destroy() {} };
}
