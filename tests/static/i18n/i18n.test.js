import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseLanguage, createTranslator } from "../../../static/js/i18n/i18n.js";

const messages = {
  hello: "Hello {name}, {name}!",
  "unit.one": "{count} unit",
  "unit.other": "{count} units",
  "many.other": "{count} weights",
};
const { t, orElse } = createTranslator("en", messages);

for (const { shown, expected } of [
  { shown: t("hello", { name: "Ada" }), expected: "Hello Ada, Ada!" },
  { shown: t("hello"), expected: "Hello {name}, {name}!" },
  { shown: t("unit", { count: 1 }), expected: "1 unit" },
  { shown: t("unit", { count: 3 }), expected: "3 units" },
  { shown: t("unit", { count: "1,284", amount: 1284 }), expected: "1,284 units" },
  { shown: t("many", { count: 1 }), expected: "1 weights" },
  { shown: t("missing.key"), expected: "missing.key" },
  { shown: orElse("missing.key", "as the server says"), expected: "as the server says" },
]) {
  test(`"${expected}"`, () => assert.equal(shown, expected));
}

test("French counts zero as one, and has a form for millions that falls back", () => {
  const french = createTranslator("fr", { "unit.one": "{count} neurone", "unit.other": "{count} neurones" });
  assert.equal(french.t("unit", { count: 0 }), "0 neurone");
  assert.equal(french.t("unit", { count: 1_000_000 }), "1000000 neurones");
});

for (const { wanted, chosen, language } of [
  { wanted: ["fr-CA", "en"], chosen: null, language: "fr" },
  { wanted: ["de", "fr"], chosen: null, language: "fr" },
  { wanted: ["de"], chosen: null, language: "en" },
  { wanted: ["fr"], chosen: "en", language: "en" },
  { wanted: ["fr"], chosen: "tlh", language: "fr" },
  { wanted: [], chosen: null, language: "en" },
]) {
  test(`a reader of ${wanted} who chose ${chosen} gets ${language}`, () =>
    assert.equal(chooseLanguage(wanted, chosen), language));
}

test("French signs never stand alone at the start of a line: a narrow space holds them", () => {
  const texts = { a: "Attention : « {what} » ?", b: "11:30" };
  const { t } = createTranslator("fr", texts);
  assert.equal(t("a", { what: "x" }), "Attention\u202f: «\u202fx\u202f»\u202f?");
  assert.equal(t("b"), "11:30");
  assert.equal(createTranslator("en", texts).t("b"), "11:30");
});
