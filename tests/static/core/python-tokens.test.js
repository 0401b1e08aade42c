import assert from "node:assert/strict";
import { test } from "node:test";
import { newLines, pythonTokens, tokenLines } from "../../../static/js/core/python-tokens.js";

const source = 'def f(x1):  # the law\n    """Two\n    lines."""\n    return x1 * 2.5e-3 if "a b" else None\n';

/** @param {string} kind */
const textsOf = (kind) =>
  pythonTokens(source)
    .filter((token) => token.kind === kind)
    .map(({ text }) => text);

test("the pieces of a script, joined, are the script", () => {
  assert.equal(
    pythonTokens(source)
      .map(({ text }) => text)
      .join(""),
    source,
  );
});

test("keywords, numbers, strings and comments are told apart", () => {
  assert.deepEqual(textsOf("keyword"), ["def", "return", "if", "else", "None"]);
  assert.deepEqual(textsOf("number"), ["2.5e-3"]);
  assert.deepEqual(textsOf("string"), ['"""Two\n    lines."""', '"a b"']);
  assert.deepEqual(textsOf("comment"), ["# the law"]);
});

test("a string over two lines is cut at the end of the line", () => {
  const lines = tokenLines(pythonTokens(source));
  assert.equal(lines.length, source.split("\n").length);
  assert.deepEqual(lines[2], [{ kind: "string", text: '    lines."""' }]);
});

test("only lines that were not there before are new, each as often as it is there more", () => {
  assert.deepEqual([...newLines(["a", "b", "b"], ["a", "c", "b", "b", "b"])], [1, 4]);
  assert.deepEqual([...newLines([], [""])], [0]);
});
