import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { answers, glossary, topicGroups, topicOf } from "../../../static/js/core/help-topics.js";
import { shortcuts } from "../../../static/js/core/shortcuts.js";

const static_ = new URL("../../../static/", import.meta.url);
const partials = new URL("../../../templates/partials/", import.meta.url);
const locales = readdirSync(new URL("locales/", static_)).map((name) => ({
  name,
  texts: JSON.parse(readFileSync(new URL(`locales/${name}`, static_), "utf8")),
}));
const all = topicGroups.flatMap(({ topics }) => topics);

for (const { name, texts } of locales) {
  test(`${name} says of every topic what it is and what to look for`, () => {
    const wanted = all.flatMap((topic) => [topic.name, `help.${topic.id}`, `help.${topic.id}.see`]);
    const groups = topicGroups.map((group) => `help.group.${group.name}`);
    assert.deepEqual(
      [...wanted, ...groups].filter((key) => !texts[key]),
      [],
    );
  });

  test(`${name} explains every word and every shortcut`, () => {
    const words = glossary.flatMap((word) => [`word.${word}`, `word.${word}.means`]);
    const keys = shortcuts.map((shortcut) => `shortcut.${shortcut.name}`);
    assert.deepEqual(
      [...words, ...keys].filter((key) => !texts[key]),
      [],
    );
  });
}

/** Those of the pages with a help of their own: the page to take home explains itself. */
const templates = readdirSync(partials)
  .filter((name) => name.endsWith(".html") && !name.startsWith("offline"))
  .map((name) => ({
    name,
    html: readFileSync(new URL(name, partials), "utf8"),
  }));

for (const { name, html } of templates) {
  const asked = [...html.matchAll(/data-help="([\w-]+)"/g)].map(([, id]) => id);

  test(`${name} asks only for topics that are written`, () =>
    assert.deepEqual(
      asked.filter((id) => !topicOf(id)),
      [],
    ));
}

/** What the drawing of the network and a layer's own card hold has no label in the templates to stand beside. */
const drawn = ["connections", "units", "bias", "tile", "dropout", "normalization"];

test("every topic stands beside its control or picture", () => {
  const everywhere = templates.map(({ html }) => html).join("\n");
  const patterns = [/data-help="([\w-]+)"/g, /\("([\w-]+)", "\w+", "[^"]+"\)/g, /, "([\w-]+)"\) \}\}/g];
  const asked = new Set([
    ...drawn,
    ...patterns.flatMap((pattern) => [...everywhere.matchAll(pattern)].map(([, id]) => id)),
  ]);
  assert.deepEqual(
    all.map(({ id }) => id).filter((id) => !asked.has(id)),
    [],
  );
});

/** Controls whose words say everything, or that belong to a topic beside them. */
const plain =
  /close|search|use-shortcuts|live|forward|back$|language|theme|open-help|tab-|remove-points|layer$|quality-|clear-runs|share-|code-|preset|more-settings|usual-settings|schedule-|clip-amount|has-epochs|stopping-metric|patience|min-delta|restore-best|exact-batch-size|hint-|notice|runs-question|\{\{|new-start/;

/** Controls whose topic has another name. @type {Record<string, string>} */
const topicNames = { "time-slider": "time-machine", "watch-gradients": "gradients" };

test("every control with a name of its own has a topic", () => {
  const asked = templates.map(({ html }) => html).join("\n");
  const controls = [...asked.matchAll(/<(?:input|select|button|textarea)\b[^>]*?\bid="([^"]+)"/g)].map(([, id]) => id);
  const isExplained = (/** @type {string} */ id) =>
    topicOf(topicNames[id] ?? id) !== undefined || asked.includes(`id="${id}" data-help=`);
  const missing = controls.filter((id) => !plain.test(id) && !isExplained(id));
  assert.deepEqual(missing, []);
});

test("no topic is explained twice", () => assert.equal(new Set(all.map(({ id }) => id)).size, all.length));

test("a search forgives capitals and accents and takes words in any order", () => {
  assert.ok(answers("epoque TAUX", ["Taux d'apprentissage", "à chaque Époque"]));
  assert.ok(!answers("bruit", ["Taux d'apprentissage"]));
  assert.ok(answers("", ["anything"]));
});
