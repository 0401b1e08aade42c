import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hideable, hideableOf } from "../../../static/js/state/hideable.js";

test("names come out once, in one order, and unknown ones not at all", () =>
  assert.deepEqual(hideableOf(["run", "noise", "weather", "noise"]), ["noise", "run"]));

test("the style sheet can hide every control that a link can name, and no other", () => {
  const css = readFileSync(new URL("../../../static/css/views/hidden.css", import.meta.url), "utf8");
  const named = new Set([...css.matchAll(/\[data-hides~="(\w+)"\]/g)].map(([, name]) => name));
  assert.deepEqual([...named].sort(), [...hideable].sort());
});
