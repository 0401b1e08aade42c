// The page's code keeps its floors: imports go down only, and each library and browser door has one home.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../static/js");

/** Which floors a file of each floor may import besides its own. @type {Record<string, string[]>} */
const mayImport = {
  core: [],
  i18n: ["core"],
  state: ["core"],
  transport: [],
  inference: ["core"],
  lessons: ["core"],
  views: ["core", "i18n"],
  pages: ["core", "i18n", "state", "transport", "inference", "lessons", "views"],
};

/** Where a page begins: each stands above all floors. */
const entries = ["main.js", "images.js", "offline.js"];

/** Words that only the named floors may say in code. @type {Record<string, {pattern: RegExp, floors: string[]}>} */
const homes = {
  "the document": { pattern: /\bdocument\.|\bwindow\./, floors: ["views", "pages", ...entries] },
  "the network": { pattern: /(?<![.#\w]|async )fetch\(|\bnew EventSource\(/, floors: ["transport"] },
  "TensorFlow.js": { pattern: /\btf\.\w/, floors: ["inference"] },
};

const importPath = /^\s*(?:import|export)\s(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm;

/** @param {string} file */
const floorOf = (file) => relative(root, file).split(sep)[0];

/** @param {string} code */
const withoutComments = (code) => code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");

/** @param {string} file */
function importedFiles(file) {
  const matches = [...withoutComments(readFileSync(file, "utf8")).matchAll(importPath)];
  return matches.map(([, statement, call]) => statement ?? call);
}

const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));

test("the page has code to check", () => {
  assert.ok(names.length > 0);
});

for (const name of names) {
  const file = join(root, name);
  const floor = floorOf(file);

  test(`${name} stands on a known floor`, () => {
    assert.ok(floor in mayImport || entries.includes(floor), `${floor} is not a floor of static/js`);
  });

  test(`${name} imports files that exist, by relative path, with their suffix`, () => {
    for (const path of importedFiles(file)) {
      assert.match(path, /^\.\.?\/.*\.js$/, "a browser without a bundler resolves nothing else");
      assert.ok(existsSync(join(dirname(file), path)), `${path} does not exist`);
    }
  });

  test(`${name} imports only from its own and lower floors`, () => {
    const allowed = [floor, ...(mayImport[floor] ?? ["pages", "core"])];
    for (const path of importedFiles(file)) {
      const target = floorOf(join(dirname(file), path));
      const isVendor = target === ".." && join(dirname(file), path).includes(`${sep}vendor${sep}`);
      assert.ok(isVendor || allowed.includes(target), `${floor} must not import ${path}`);
    }
  });

  test(`${name} leaves each library and browser door in its one home`, () => {
    const code = withoutComments(readFileSync(file, "utf8"));
    for (const [door, { pattern, floors }] of Object.entries(homes)) {
      assert.ok(floors.includes(floor) || !pattern.test(code), `${floor} must not use ${door} (${pattern})`);
    }
  });
}
