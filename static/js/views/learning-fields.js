/** The fields of the settings: a number that is typed, a switch, a choice. What cannot be is not accepted at all. */

import { fillSelect, find } from "./elements.js";

/** @typedef {{minimum: number, maximum: number, step: number}} Limits */

/**
 * @param {string} typed
 * @param {Limits} limits
 * @returns {number | null} the nearest number that is allowed; null when it is none
 */
function readNumber(typed, { minimum, maximum, step }) {
  const number = typed.trim() === "" ? Number.NaN : Number(typed);
  if (!Number.isFinite(number)) return null;
  const whole = Number.isInteger(step) ? Math.round(number) : number;
  return Math.min(maximum, Math.max(minimum, whole));
}

/**
 * A number field: what is out of bounds becomes the bound, what is no number the number before. While somebody types,
 * nothing else is written into it.
 * @param {ParentNode} root
 * @param {string} id
 * @param {(value: number) => void} onChange
 * @returns {(field: {limits: Limits, value: number}) => void}
 */
export function createNumberField(root, id, onChange) {
  const input = find(root, `#${id}`, HTMLInputElement);
  /** @type {{limits: Limits, value: number} | null} */
  let shown = null;
  let isTyping = false;
  const show = () => {
    if (shown && !isTyping) input.value = String(shown.value);
  };
  const settle = () => {
    isTyping = false;
    const value = shown && readNumber(input.value, shown.limits);
    if (value === null || value === shown?.value) show();
    else onChange(value);
  };
  input.oninput = () => {
    isTyping = true;
  };
  input.onchange = settle;
  input.onblur = () => {
    if (isTyping) settle();
  };
  return (field) => {
    const { minimum, maximum, step } = field.limits;
    shown = field;
    Object.assign(input, { min: String(minimum), max: String(maximum), step: Number.isInteger(step) ? "1" : "any" });
    show();
  };
}

/**
 * @param {ParentNode} root
 * @param {string} id
 * @param {(isOn: boolean) => void} onChange
 * @returns {(isOn: boolean, isDisabled?: boolean) => void}
 */
export function createSwitch(root, id, onChange) {
  const input = find(root, `#${id}`, HTMLInputElement);
  input.onchange = () => onChange(input.checked);
  return (isOn, isDisabled = false) => {
    input.checked = isOn;
    input.disabled = isDisabled;
  };
}

/**
 * @param {ParentNode} root
 * @param {string} id
 * @param {(value: string) => void} onChange
 * @returns {(choices: readonly {value: string, text: string}[], value: string) => void}
 */
export function createChoice(root, id, onChange) {
  const select = find(root, `#${id}`, HTMLSelectElement);
  select.onchange = () => onChange(select.value);
  return (choices, value) => fillSelect(select, choices, value);
}
