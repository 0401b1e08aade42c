import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemory, recallIds } from "../../../static/js/pages/memory.js";

const remembering = (/** @type {string | null} */ text) => ({ recall: () => text });

test("a list of ids is remembered; what is no such list counts as none", () => {
  assert.deepEqual(recallIds(remembering('["a", "b"]'), "runs"), ["a", "b"]);
  assert.deepEqual(recallIds(remembering('["a", 5, null]'), "runs"), ["a"]);
  for (const text of [null, "", "{", '{"0": "a"}', "null"]) assert.deepEqual(recallIds(remembering(text), "runs"), []);
});

test("a browser that forbids its storage only forgets", () => {
  const memory = createMemory(() => {
    throw new Error("forbidden");
  });
  memory.keep("language", "fr");
  assert.equal(memory.recall("language"), null);
});
