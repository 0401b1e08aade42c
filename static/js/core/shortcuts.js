/**
 * Keys that press controls. A key presses the control itself, so it does what the control does: nothing while that is
 * disabled or hidden.
 */

/**
 * @typedef {object} Shortcut
 * @property {string} name
 * @property {readonly string[]} keys as events name them, letters in lower case
 * @property {string} presses selector of the control
 */

/** @type {readonly Shortcut[]} */
export const shortcuts = Object.freeze([
  { name: "run", keys: [" "], presses: "#run" },
  { name: "step", keys: ["s", "ArrowRight"], presses: "#step" },
  { name: "step_back", keys: ["b", "ArrowLeft"], presses: "#time-back" },
  { name: "reset", keys: ["r"], presses: "#reset" },
  { name: "new_start", keys: ["n"], presses: "#new-start" },
  { name: "test_data", keys: ["t"], presses: "#show-test-data" },
  { name: "discretize", keys: ["d"], presses: "#discretize" },
  { name: "log_scale", keys: ["l"], presses: "#log-scale" },
  { name: "pin", keys: ["p"], presses: "#pin-run" },
  { name: "examples", keys: ["e"], presses: '[data-opens="presets"]' },
  { name: "settings", keys: ["m"], presses: '[data-opens="settings"]' },
  { name: "help", keys: ["?", "h"], presses: '[data-opens="help"]' },
  { name: "panel_1", keys: ["1"], presses: "#tab-quality" },
  { name: "panel_2", keys: ["2"], presses: "#tab-layers" },
  { name: "panel_3", keys: ["3"], presses: "#tab-runs" },
  { name: "panel_4", keys: ["4"], presses: "#tab-code" },
]);

/**
 * @typedef {object} KeyPress
 * @property {string} key
 * @property {string} code place on the keyboard: digits need Shift on some
 * @property {boolean} hasModifier Ctrl, Alt or Meta
 * @property {boolean} isRepeated the key is held down
 * @property {"page" | "button" | "choice" | "text"} target what has the focus: choice is a slider, a list or a group of choices
 */

/** What a focused control does itself with a key. @type {Record<KeyPress["target"], (key: string) => boolean>} */
const isTaken = {
  page: () => false,
  button: (key) => key === " ",
  choice: (key) => key === " " || key.startsWith("Arrow"),
  text: () => true,
};

/**
 * @param {KeyPress} press
 * @returns {Shortcut | null}
 */
export function shortcutFor({ key, code, hasModifier, isRepeated, target }) {
  const isStepping = key.startsWith("Arrow");
  if (hasModifier || (isRepeated && !isStepping)) return null;
  const pressed = code.match(/^Digit(\d)$/)?.[1] ?? key.toLowerCase();
  const names = key.startsWith("Arrow") ? [key] : [pressed, key.toLowerCase()];
  const found = shortcuts.find(({ keys }) => keys.some((each) => names.includes(each)));
  return found && !isTaken[target](key) ? found : null;
}
