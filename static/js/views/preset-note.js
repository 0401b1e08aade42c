/** What to look for in the example that was chosen; and an example offered to who has never trained anything. */

import { find, make, setText, whenChanged } from "./elements.js";

/** @typedef {{name: string, verdict: string, verdictText: string, title: string, text: string, look: string, next: string}} PresetTexts */

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "dismiss_preset_note"}) => void}} options
 */
export function createPresetNoteView(root, { onIntent }) {
  const box = find(root, "#preset-note", HTMLElement);
  const verdict = find(root, "#preset-note-verdict", HTMLElement);
  const [title, look, next] = ["title", "look", "next"].map((part) => find(root, `#preset-note-${part}`, HTMLElement));
  find(root, "#preset-note-close", HTMLButtonElement).onclick = () => onIntent({ type: "dismiss_preset_note" });

  const render = whenChanged((/** @type {{note: PresetTexts | null}} */ { note }) => {
    box.hidden = note === null;
    if (note) verdict.dataset.verdict = note.verdict;
    setText(verdict, note?.verdictText ?? "");
    setText(title, note?.title ?? "");
    setText(look, note?.look ?? "");
    setText(next, note?.next ?? "");
  });
  return { render, destroy() {} };
}

/**
 * Stands behind the sentence that says what is going on.
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "open_dialog", name: string}) => void}} options
 */
export function createFirstExampleView(root, { onIntent }) {
  const button = make("button", { type: "button", class: "link", id: "first-example" });
  button.hidden = true;
  button.onclick = () => onIntent({ type: "open_dialog", name: "presets" });
  find(root, "#sentence", HTMLElement).append(button);

  const render = whenChanged((/** @type {{label: string, isOffered: boolean}} */ { label, isOffered }) => {
    setText(button, label);
    button.hidden = !isOffered;
  });
  return { render, destroy() {} };
}
