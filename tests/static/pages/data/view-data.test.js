import assert from "node:assert/strict";
import { test } from "node:test";
import { createTranslator } from "../../../../static/js/i18n/i18n.js";
import { dataAtFirst } from "../../../../static/js/pages/data/slice.js";
import { dataControlsData, formulaBoxData, layingOf, problemText } from "../../../../static/js/pages/data/view-data.js";
import { makeSpec } from "../../builders.js";

const english = createTranslator("en", { "formula.problem.formula_empty": "Nothing at {position}." });
const limits = { samples: [20, 5000], classes: [2, 6], points: [0, 500] };
const datasets = [
  { name: "circle", problem: "classification", classes: 2, limits: { samples: [20, 5000] }, takes_points: true },
  { name: "blobs", problem: "classification", classes: 3, limits, takes_points: true },
  { name: "plane", problem: "regression", classes: null, takes_points: true },
  { name: "points", problem: "classification", limits: { classes: [2, 6], points: [4, 500] }, takes_points: true },
  { name: "curve", kind: "curve", problem: "regression", takes_formula: true, formula: "x^3" },
];

/** @param {string} name @param {Record<string, any>} [change] @param {Record<string, any>} [dataset] @returns {any} */
const stateOf = (name, change = {}, dataset = {}) => ({
  translator: english,
  datasets,
  samples: null,
  dataCard: dataAtFirst,
  spec: makeSpec({ dataset: { ...makeSpec().dataset, name, ...dataset } }),
  ...change,
});

test("numbers of samples are offered where they can be chosen, within the limits", () => {
  assert.equal(dataControlsData(stateOf("blobs")).sampleSteps?.at(-1), 5000);
  assert.equal(dataControlsData(stateOf("points")).sampleSteps, null);
});

test("a data set without numbers of samples is not drawn by a seed", () => {
  assert.equal(dataControlsData(stateOf("points")).isDrawn, false);
  assert.equal(dataControlsData(stateOf("circle")).isDrawn, true);
});

test("classes can be chosen only where the data set has them to choose", () => {
  assert.deepEqual(dataControlsData(stateOf("blobs")).classLimits, { minimum: 2, maximum: 6 });
  assert.equal(dataControlsData(stateOf("circle")).classLimits, null);
});

test("the formula box shows what was typed, else the law of the spec, else the one the data set has", () => {
  const typed = { ...dataAtFirst, typed: "x^" };
  assert.equal(formulaBoxData(stateOf("curve", { dataCard: typed }, { formula: "x" })).text, "x^");
  assert.equal(formulaBoxData(stateOf("curve", {}, { formula: "x" })).text, "x");
  assert.equal(formulaBoxData(stateOf("curve")).text, "x^3");
  assert.equal(formulaBoxData(stateOf("circle")).text, null);
});

test("a problem of a formula is told in the reader's language, one the page does not know in the server's words", () => {
  const problem = { field: "dataset.formula", message: "in the server's words", code: "formula_empty", position: 2 };
  assert.equal(problemText(english, problem), "Nothing at 2.");
  assert.equal(problemText(english, { ...problem, code: "new" }), "in the server's words");
  assert.equal(problemText(english, null), null);
});

test("points have a class of the data, for numbers a sign; where data take none, nothing is laid", () => {
  const dataCard = { ...dataAtFirst, isLaying: true, label: 5 };
  assert.equal(layingOf(stateOf("circle", { dataCard })).label, 0);
  assert.deepEqual(layingOf(stateOf("blobs", { dataCard }, { classes: 6 })).label, 5);
  assert.deepEqual(layingOf(stateOf("plane")).labels, [-1, 1]);
  assert.equal(layingOf(stateOf("curve", { dataCard })).isLaying, false);
});
