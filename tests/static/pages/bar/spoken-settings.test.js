import assert from "node:assert/strict";
import { test } from "node:test";
import { createTranslator } from "../../../../static/js/i18n/i18n.js";
import { spokenSettings } from "../../../../static/js/pages/bar/spoken-settings.js";
import { makeSpec } from "../../builders.js";

const display = { showsTestData: false, isDiscrete: false, isLogarithmic: false };
const state = /** @type {any} */ ({
  spec: makeSpec(),
  display,
  penalty: { kind: "none", rate: 0 },
  activation: "tanh",
  translator: createTranslator("fr", { "control.learning_rate": "Taux" }),
});

test("numbers are said in the reader's language", () => {
  const rate = spokenSettings(state).find(({ id }) => id === "learning-rate");
  assert.deepEqual([rate?.name, rate?.value], ["Taux", "0,03"]);
});

test("the settings keep their order, so that two moments can be compared", () => {
  const after = spokenSettings({ ...state, display: { ...display, isDiscrete: true } });
  const before = spokenSettings(state);
  const changed = after.filter(({ value }, index) => value !== before[index].value);
  assert.deepEqual(
    [after.map(({ id }) => id), changed.map(({ id }) => id)],
    [before.map(({ id }) => id), ["discretize"]],
  );
});

test("nothing changed: nothing new to compare", () =>
  assert.equal(spokenSettings(state), spokenSettings({ ...state })));
