/** Why pictures cannot be used: in the reader's language what is wrong, then the server's own sentence with names and numbers. */

import { find, setText } from "../elements.js";

/** @typedef {{text: string, detail: string}} RefusalData */

/**
 * @param {ParentNode} root
 * @returns {(refusal: RefusalData) => void}
 */
export function createRefusal(root) {
  const box = find(root, "#own-refusal", HTMLElement);
  const text = find(root, "#own-refusal-text", HTMLElement);
  const detail = find(root, "#own-refusal-detail", HTMLElement);
  return (refusal) => {
    setText(text, refusal.text);
    setText(detail, refusal.detail);
    box.hidden = refusal.text === "";
  };
}
