import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesOf, hashOf } from "../../../static/js/state/link-entries.js";

test("names and values come out as they went in", () => {
  const entries = /** @type {[string, string][]} */ ([
    ["formula", "sin(x) + x^2 & 'a=b' é"],
    ["run", "a b"],
  ]);
  assert.deepEqual(entriesOf(hashOf(entries)), entries);
});

test("what a chat would cut off is escaped, what reads well is not", () =>
  assert.equal(hashOf([["formula", "x^3+sin(x)*2"]]), "#formula=x^3+sin%28x%29*2"));

test("no entries, no hash", () => assert.equal(hashOf([]), ""));

test("a broken escape is taken as it is, a word without a value left out", () =>
  assert.deepEqual(entriesOf("#noise=%zz&main&=4"), [["noise", "%zz"]]));

test("of a name that is repeated the last one counts", () =>
  assert.deepEqual(entriesOf("noise=1&noise=2"), [["noise", "2"]]));
