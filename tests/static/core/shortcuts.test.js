import assert from "node:assert/strict";
import { test } from "node:test";
import { shortcutFor, shortcuts } from "../../../static/js/core/shortcuts.js";

/** @param {Partial<import("../../../static/js/core/shortcuts.js").KeyPress>} change */
const nameOf = (change) =>
  shortcutFor({ key: "s", code: "KeyS", hasModifier: false, isRepeated: false, target: "page", ...change })?.name;

for (const { name, press, expected } of [
  { name: "a letter", press: { key: "r", code: "KeyR" }, expected: "reset" },
  { name: "a capital letter", press: { key: "R", code: "KeyR" }, expected: "reset" },
  { name: "a letter on another keyboard counts as written", press: { key: "n", code: "KeyB" }, expected: "new_start" },
  { name: "the question mark", press: { key: "?", code: "Comma" }, expected: "help" },
  { name: "a digit that needs Shift on this keyboard", press: { key: "&", code: "Digit1" }, expected: "panel_1" },
  { name: "an arrow on the page", press: { key: "ArrowLeft", code: "ArrowLeft" }, expected: "step_back" },
  { name: "a key without meaning", press: { key: "z", code: "KeyZ" }, expected: undefined },
  { name: "a letter with Ctrl", press: { hasModifier: true }, expected: undefined },
  { name: "a letter in a text", press: { target: "text" }, expected: undefined },
  { name: "a letter on a slider", press: { target: "choice" }, expected: "step" },
  { name: "an arrow on a slider", press: { key: "ArrowRight", code: "", target: "choice" }, expected: undefined },
  { name: "Space on a button", press: { key: " ", code: "Space", target: "button" }, expected: undefined },
  { name: "Space on the page", press: { key: " ", code: "Space" }, expected: "run" },
  { name: "a letter that is held down", press: { isRepeated: true }, expected: undefined },
  {
    name: "an arrow that is held down",
    press: { key: "ArrowRight", code: "", isRepeated: true },
    expected: "step",
  },
]) {
  test(`${name}: ${expected ?? "nothing"}`, () => assert.equal(nameOf(/** @type {any} */ (press)), expected));
}

test("no key means two things", () => {
  const keys = shortcuts.flatMap((shortcut) => shortcut.keys);
  assert.equal(new Set(keys).size, keys.length);
});
