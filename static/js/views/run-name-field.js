/** The name of a run, which can be changed where it stands: Enter or leaving keeps it, Escape gives the old one back. */

import { make } from "./elements.js";

/**
 * @param {(name: string) => void} onName
 */
export function createNameField(onName) {
  const input = make("input", {
    type: "text",
    class: "run-name",
    maxlength: "60",
    autocomplete: "off",
    spellcheck: "false",
  });
  let name = "";
  input.onchange = () => {
    onName(input.value);
    // A name that is another is drawn next; one that only differs in its blanks is not.
    input.value = name;
  };
  input.onkeydown = (key) => {
    if (key.key === "Escape") input.value = name;
    if (key.key === "Escape" || key.key === "Enter") input.blur();
  };
  return {
    input,
    /** What is being typed is left alone. @param {string} newest @param {string} label */
    render(newest, label) {
      if (input.getAttribute("aria-label") !== label) input.setAttribute("aria-label", label);
      if (newest === name && document.activeElement === input) return;
      name = newest;
      if (document.activeElement !== input) input.value = newest;
      input.title = newest;
    },
  };
}
