import assert from "node:assert/strict";
import { test } from "node:test";
import { subscript, unitFormula } from "../../../static/js/core/unit-formula.js";

const unit = { activation: "tanh", sources: ["x₁", "x₂"], weights: [0.614, -0.2], bias: 0.1 };

test("a unit is written as its activation of a sum", () => {
  assert.equal(unitFormula(unit, "en"), "tanh(0.61·x₁ − 0.20·x₂ + 0.10)");
  assert.equal(unitFormula({ ...unit, activation: "relu" }, "en"), "max(0, 0.61·x₁ − 0.20·x₂ + 0.10)");
});

test("a linear unit is the sum alone", () => {
  assert.equal(unitFormula({ ...unit, activation: "linear", bias: -1 }, "en"), "0.61·x₁ − 0.20·x₂ − 1.00");
});

test("a sum begins with a minus where it must, and numbers follow the language", () => {
  const formula = unitFormula({ ...unit, weights: [-0.5, 0.25] }, "fr");
  assert.equal(formula, "tanh(−0,50·x₁ + 0,25·x₂ + 0,10)");
});

test("of many terms the first and the last are written", () => {
  const sources = Array.from({ length: 16 }, (_unused, index) => `a${subscript(index + 1)}`);
  const weights = sources.map((_source, index) => index / 10);
  const formula = unitFormula({ activation: "tanh", sources, weights, bias: 0 }, "en");
  assert.equal(formula, "tanh(0.00·a₁ + 0.10·a₂ + 0.20·a₃ + … + 1.50·a₁₆ + 0.00)");
});
