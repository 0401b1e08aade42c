/** A number that changes by itself while the network trains, and that can be typed over at any time. */

import { make } from "./elements.js";

/** Nobody means more than this, and the server refuses more than a million. */
const largest = 1000;

/** How many digits behind the decimal sign are shown. */
const digits = 2;

/**
 * @param {string} text
 * @returns {number | null} null while it is no number yet
 */
function readNumber(text) {
  const value = Number(text.replace(",", "."));
  return text.trim() === "" || !Number.isFinite(value) ? null : Math.max(-largest, Math.min(largest, value));
}

/** One input. While somebody is in it, it keeps still: a number that changed under the fingers could not be typed over. */
export class LiveNumber {
  /** @param {{onValue: (value: number) => void, onEnter?: () => void}} options */
  constructor({ onValue, onEnter = () => undefined }) {
    this.input = make("input", {
      type: "number",
      class: "number-field live-number",
      step: "0.1",
      inputmode: "decimal",
      disabled: "",
    });
    this.input.oninput = () => {
      const value = readNumber(this.input.value);
      if (value !== null) onValue(value);
    };
    this.input.onkeydown = (key) => {
      if (key.key === "Enter") onEnter();
    };
  }

  /** @param {number} value @param {boolean} always even to who is in it */
  show(value, always = false) {
    if (!always && document.activeElement === this.input) return;
    const text = value.toFixed(digits);
    if (this.input.value !== text) this.input.value = text;
  }
}
