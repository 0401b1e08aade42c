/** A class, a bar and a share: one row of a list of classes. */

import { find, make, setText } from "../elements.js";

/**
 * @param {string} name of the class
 * @returns {HTMLElement} a list item
 */
export function makeAnswerBar(name) {
  const track = make("i", { class: "answer-bar__track", "aria-hidden": "true" }, make("b"));
  const label = make("span", { class: "answer-bar__name", title: name }, name);
  return make("li", { class: "answer-bar" }, label, track, make("span", { class: "answer-bar__value" }));
}

/**
 * @param {HTMLElement} bar
 * @param {number} share 0 to 1
 * @param {string} text beside it
 */
export function fillAnswerBar(bar, share, text) {
  find(bar, "b", HTMLElement).style.width = `${share * 100}%`;
  setText(find(bar, ".answer-bar__value", HTMLElement), text);
}
