import assert from "node:assert/strict";
import { test } from "node:test";
import { withPreset } from "../../../../static/js/pages/presets/room.js";
import { presetsAtFirst } from "../../../../static/js/pages/presets/slice.js";
import { firstExampleData, presetGalleryData, presetNoteData } from "../../../../static/js/pages/presets/view-data.js";
import { book } from "../../state/link-book.js";

const list = [
  { name: "slow", verdict: "fails", spec: { optimizer: { learning_rate: 0.0001 } }, panel: "layers", speed: 200 },
  { name: "circle", verdict: "works", spec: { layers: [] } },
];
const translator = { language: "en", t: (/** @type {string} */ key) => key };

/** @param {Record<string, any>} change @returns {any} */
const stateWith = ({ presets = {}, ...change } = {}) => ({
  ...{ book, translator, spec: book.start, panel: "quality", dialog: "presets", pinned: { layer: 0, unit: 0 } },
  palette: { diverging: { neutral: "#ffffff" }, classes: ["#000000"] },
  run: null,
  presets: { ...presetsAtFirst, list, ...presets },
  ...change,
});

test("an example sets the controls and its speed, opens its tab and closes the gallery", () => {
  const change = withPreset(stateWith(), "slow");
  assert.equal(change?.spec?.optimizer.learning_rate, 0.0001);
  assert.deepEqual([change?.speed, change?.panel, change?.dialog, change?.pinned], [200, "layers", null, null]);
  assert.equal(change?.presets?.chosen, "slow");
});

test("an example without a tab or speed leaves the tab and takes the usual speed", () => {
  const change = withPreset(stateWith({ panel: "code" }), "circle");
  assert.deepEqual([change?.panel, change?.speed], ["code", 60]);
});

test("an example nobody knows changes nothing", () => assert.equal(withPreset(stateWith(), "none"), null));

test("the gallery shows those that work before those that fail", () => {
  const { groups, message } = presetGalleryData(stateWith());
  assert.deepEqual(
    groups.map(({ verdict, cards }) => [verdict, cards.map(({ name }) => name)]),
    [
      ["works", ["circle"]],
      ["fails", ["slow"]],
    ],
  );
  assert.equal(message, "");
});

test("the gallery says that it waits, or that it has failed", () => {
  assert.equal(presetGalleryData(stateWith({ presets: { list: null } })).message, "presets.loading");
  assert.equal(presetGalleryData(stateWith({ presets: { list: null, hasFailed: true } })).message, "presets.failed");
});

test("the chosen example says what to look for until its note is closed", () => {
  assert.equal(presetNoteData(stateWith({ presets: { chosen: "slow" } })).note?.look, "preset.slow.look");
  assert.equal(presetNoteData(stateWith()).note, null);
});

test("a newcomer is offered an example while nothing has been trained", () => {
  const run = { status: "paused", epoch: 0 };
  const offered = (/** @type {any} */ change) => firstExampleData(stateWith({ run, ...change })).isOffered;
  assert.equal(offered({ presets: { isNewcomer: true } }), true);
  assert.equal(offered({ presets: { isNewcomer: true, chosen: "slow" } }), false);
  assert.equal(offered({ presets: { isNewcomer: false } }), false);
  assert.equal(offered({ presets: { isNewcomer: true }, run: { ...run, epoch: 3 } }), false);
});
