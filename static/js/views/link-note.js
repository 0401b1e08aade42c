/** What could not be taken from a link as it was written: said once, calmly. */

import { find, make, setText, whenChanged } from "./elements.js";

/** @typedef {{text: string, problems: readonly string[]}} LinkNote */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "dismiss_link_note"}) => void}} options
 */
export function createLinkNoteView(root, { onIntent }) {
  const box = find(root, "#link-note", HTMLElement);
  const text = find(root, "#link-note-text", HTMLElement);
  const problems = find(root, "#link-note-problems", HTMLElement);
  find(root, "#link-note-close", HTMLButtonElement).onclick = () => onIntent({ type: "dismiss_link_note" });

  const render = whenChanged((/** @type {{note: LinkNote | null}} */ { note }) => {
    box.hidden = note === null;
    setText(text, note?.text ?? "");
    problems.replaceChildren(...(note?.problems ?? []).map((problem) => make("li", {}, problem)));
  });
  return { render, destroy() {} };
}
