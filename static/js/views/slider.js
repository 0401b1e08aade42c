/** One slider: its range, its place, and its value as people read it. */

import { find, setText } from "./elements.js";

/**
 * @typedef {{minimum: number, maximum: number, step: number}} Limits a step of 0 lets it stand anywhere
 * @typedef {{limits: Limits, position: number, text: string}} SliderData
 */

/**
 * @param {ParentNode} root
 * @param {string} id of the input; its value is shown in the element with "-value" behind that
 * @param {(position: number) => void} onMove
 * @returns {(slider: SliderData) => void}
 */
export function createSlider(root, id, onMove) {
  const input = find(root, `#${id}`, HTMLInputElement);
  const shown = find(root, `#${id}-value`, HTMLElement);
  input.oninput = () => onMove(Number(input.value));
  return ({ limits: { minimum, maximum, step }, position, text }) => {
    Object.assign(input, { min: String(minimum), max: String(maximum), step: String(step || "any"), disabled: false });
    if (Number(input.value) !== position) input.value = String(position);
    input.setAttribute("aria-valuetext", text);
    const share = (position - minimum) / (maximum - minimum || 1);
    input.style.setProperty("--filled", `${Math.min(1, Math.max(0, share)) * 100}%`);
    setText(shown, text);
  };
}

/**
 * @param {Limits} limits of a share, 0 to 1
 * @returns {Limits}
 */
export function inPercent({ minimum, maximum, step }) {
  const percent = (/** @type {number} */ share) => Math.round(share * 100);
  return { minimum: percent(minimum), maximum: percent(maximum), step: percent(step) };
}

/**
 * One place for each step; between them while a value stands there that is no step.
 * @param {readonly number[]} steps
 * @param {number} place
 * @returns {Limits}
 */
export function placesOf(steps, place) {
  return { minimum: 0, maximum: steps.length - 1, step: Number.isInteger(place) ? 1 : 0 };
}

/**
 * A value that came by link may lie beyond what the slider offers: then it reaches as far.
 * @param {Limits} limits
 * @param {number} value
 * @returns {Limits}
 */
export function reaching({ minimum, maximum, step }, value) {
  return { minimum: Math.min(minimum, value), maximum: Math.max(maximum, value), step };
}
