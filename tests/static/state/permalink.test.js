import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { linkOfState, specOfLink } from "../../../static/js/state/permalink.js";
import { book } from "./link-book.js";

/** @param {Record<string, any>} change */
const shownWith = (change = {}) => ({
  spec: book.start,
  speed: 60,
  display: { showsTestData: false, isDiscrete: false, isLogarithmic: false },
  palette: "blue-orange",
  panel: "quality",
  hidden: [],
  isEmbedded: false,
  runId: null,
  ...change,
});

/** @param {string} hash @returns {string[]} such as "noise=2000 → 50" */
const problemsOf = (hash) =>
  specOfLink(hash, book).problems.map(({ name, given, used }) => `${name}=${given} → ${used}`);

test("a page as everybody starts has an empty link", () => assert.equal(linkOfState(shownWith(), book), ""));

test("an empty link is the page as everybody starts", () => {
  const link = specOfLink("", book);
  assert.deepEqual([link.spec, link.hasSettings, link.problems], [book.start, false, []]);
});

test("the run comes last, behind what is displayed and hidden", () => {
  const display = { showsTestData: true, isDiscrete: false, isLogarithmic: true };
  const shown = shownWith({
    display,
    speed: null,
    panel: "runs",
    palette: "purple-green",
    hidden: ["noise"],
    runId: "r1",
  });
  assert.equal(
    linkOfState({ ...shown, isEmbedded: true }, book),
    "#speed=fastest&show_test_data=true&log_scale=true&palette=purple-green&panel=runs&hide=noise&embed=true&run=r1",
  );
});

test("what is displayed and hidden is read back", () => {
  const link = specOfLink(
    "#speed=fastest&discretize=true&palette=black-white&panel=code&hide=noise,run&embed=true&run=r1",
    book,
  );
  assert.deepEqual(
    [link.speed, link.display, link.palette, link.panel, link.hidden, link.isEmbedded, link.runId, link.problems],
    [null, { isDiscrete: true }, "black-white", "code", ["noise", "run"], true, "r1", []],
  );
});

test("a control is hidden by a list and by a word of its own", () => {
  const link = specOfLink("#hide=noise&batch_size_hide=true&speed_hide=false", book);
  assert.deepEqual([link.hidden, link.problems], [["noise", "batch_size"], []]);
});

for (const { hash, problem } of [
  { hash: "#colour=blue", problem: "colour=blue → null" },
  { hash: "#hide=noise,weather", problem: "hide=weather → null" },
  { hash: "#speed=7", problem: "speed=7 → null" },
  { hash: "#panel=cellar", problem: "panel=cellar → null" },
  { hash: "#__proto__=1", problem: "__proto__=1 → null" },
  { hash: "#toString=1", problem: "toString=1 → null" },
  { hash: "#discretize=constructor", problem: "discretize=constructor → null" },
  { hash: "#run=..", problem: "run=.. → null" },
  { hash: "#noise=2000", problem: "noise=2000 → 50" },
]) {
  test(`${hash} is told`, () => assert.deepEqual(problemsOf(hash), [problem]));
}

test("a link that is only a word says nothing", () => assert.deepEqual(problemsOf("#main"), []));

test("every example survives as a link", () => {
  const file = new URL("../../../static/presets/presets.json", import.meta.url);
  const presets = JSON.parse(readFileSync(file, "utf8"));
  for (const preset of presets) {
    const { dataset, optimizer, regularization, ...others } = preset.spec;
    const spec = {
      ...book.start,
      ...others,
      dataset: { ...book.start.dataset, ...dataset },
      optimizer: { ...book.start.optimizer, ...optimizer },
      regularization: { ...book.start.regularization, ...regularization },
    };
    const link = specOfLink(linkOfState(shownWith({ spec }), book), book);
    assert.deepEqual([link.spec, link.problems], [spec, []], preset.name);
  }
});
