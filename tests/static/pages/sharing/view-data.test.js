import assert from "node:assert/strict";
import { test } from "node:test";
import { sharingChanges } from "../../../../static/js/pages/sharing/changes.js";
import { sharingAtFirst } from "../../../../static/js/pages/sharing/slice.js";
import { linkNoteData, shareDialogData, sharedLink } from "../../../../static/js/pages/sharing/view-data.js";
import { book } from "../../state/link-book.js";

const translator = {
  language: "en",
  t: (/** @type {string} */ key, params = {}) => [key, ...Object.values(params)].join(" "),
  orElse: (/** @type {string} */ key, /** @type {string} */ fallback) => (key.startsWith("control.") ? key : fallback),
};

/** @param {Record<string, any>} change @returns {any} */
const stateWith = ({ sharing = {}, ...change } = {}) => ({
  translator,
  book,
  datasets: book.datasets,
  spec: { ...book.start, batch_size: 20 },
  speed: 60,
  display: { showsTestData: false, isDiscrete: false, isLogarithmic: false },
  palette: { name: "blue-orange" },
  panel: "quality",
  run: { runId: "mine" },
  sharing: { ...sharingAtFirst, ...sharing },
  ...change,
});

test("the link to share has the settings and what is hidden, but not one's own run", () =>
  assert.equal(sharedLink(stateWith({ sharing: { chosen: ["noise"] } })), "#batch_size=20&hide=noise"));

test("the dialog lists what the link contains, one by one", () => {
  const { link, settings } = shareDialogData(stateWith({ sharing: { chosen: ["noise"] } }), "http://school.test/");
  assert.equal(link, "http://school.test/#batch_size=20&hide=noise");
  assert.deepEqual(settings, ["batch_size=20", "hide=noise"]);
});

test("every control has a name and says whether it is hidden", () => {
  const { groups } = shareDialogData(stateWith({ sharing: { chosen: ["noise"] } }), "");
  const controls = groups.flatMap((group) => group.controls);
  assert.deepEqual(
    controls.filter(({ isHidden }) => isHidden),
    [{ name: "noise", label: "control.noise", isHidden: true }],
  );
  assert.ok(controls.length > 30);
});

test("a control is hidden and shown again, always in the same order", () => {
  const change = (/** @type {any} */ state, /** @type {string} */ name, /** @type {boolean} */ isHidden) => ({
    ...state,
    ...sharingChanges.hide_in_link(state, { name, isHidden }),
  });
  const both = change(change(stateWith({ sharing: { isCopied: true } }), "run", true), "noise", true);
  assert.deepEqual([both.sharing.chosen, both.sharing.isCopied], [["noise", "run"], false]);
  assert.deepEqual(change(both, "noise", false).sharing.chosen, ["run"]);
});

test("hiding in a link does not hide on one's own page", () =>
  assert.deepEqual(sharingChanges.hide_in_link(stateWith(), { name: "run", isHidden: true }).sharing?.hidden, []));

test("nothing is said of a link without problems", () => assert.equal(linkNoteData(stateWith()).note, null));

test("each problem of a link is a sentence", () => {
  const problems = [
    { name: "noise", given: "2000", used: "50" },
    { name: "colour", given: "blue", used: null },
  ];
  assert.deepEqual(linkNoteData(stateWith({ sharing: { problems } })).note, {
    text: "link.problems",
    problems: ["link.changed noise 2000 50", "link.left_out colour blue"],
  });
});

for (const { dataset, text } of [
  { dataset: "circle", text: "link.playground link.playground.loss" },
  { dataset: "plane", text: "link.playground" },
]) {
  test(`a link of TensorFlow Playground is told on ${dataset}, with the other loss only where there is one`, () => {
    const spec = { ...book.start, dataset: { ...book.start.dataset, name: dataset } };
    assert.equal(linkNoteData(stateWith({ spec, sharing: { isPlaygrounds: true } })).note?.text, text);
  });
}

test("a note that was closed is gone", () => {
  const state = stateWith({ sharing: { isPlaygrounds: true, problems: [{ name: "a", given: "b", used: null }] } });
  const closed = { ...state, ...sharingChanges.dismiss_link_note(state, {}) };
  assert.equal(linkNoteData(closed).note, null);
});
