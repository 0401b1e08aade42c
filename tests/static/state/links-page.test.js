import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hideable } from "../../../static/js/state/hideable.js";
import { pageNames } from "../../../static/js/state/permalink.js";
import { fieldsOf } from "../../../static/js/state/spec-fields.js";
import { book } from "./link-book.js";

const page = readFileSync(new URL("../../../docs/links.md", import.meta.url), "utf8");
const [settings, ofPage, hiding] = page.split(/^## /m).slice(1);
const namesIn = (/** @type {string} */ part) => new Set([...part.matchAll(/`([a-z0-9_]+)`/g)].map(([, name]) => name));

test("the page about links names every setting", () => {
  const known = namesIn(settings);
  assert.deepEqual(
    fieldsOf(book.schema)
      .map(({ name }) => name)
      .filter((name) => !known.has(name)),
    [],
  );
});

test("the page about links names all that is about the page", () => {
  const known = namesIn(ofPage);
  assert.deepEqual(
    pageNames.filter((name) => !known.has(name)),
    [],
  );
});

test("the page about links names the very controls that can be hidden", () =>
  assert.deepEqual([...namesIn(hiding)].sort(), [...hideable].sort()));
