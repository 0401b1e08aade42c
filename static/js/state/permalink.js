/** The address of the page: every setting that is not the usual one, what is displayed and hidden, and the run. Pure. */

import { paletteNames } from "../core/color.js";
import { speedSteps } from "../core/rates.js";
import { hideableOf } from "./hideable.js";
import { entriesOf, hashOf, readSwitch } from "./link-entries.js";
import { fromPlayground, isPlaygroundLink } from "./playground-link.js";
import { readSpec, writeSpec } from "./spec-link.js";

/**
 * @typedef {import("./link-entries.js").Entry} Entry
 * @typedef {import("./spec-link.js").Book} Book
 * @typedef {import("./spec-link.js").LinkProblem} LinkProblem
 * @typedef {{showsTestData: boolean, isDiscrete: boolean, isLogarithmic: boolean}} Display
 */

/**
 * @typedef {object} Link what an address says
 * @property {import("./spec.js").RunSpec} spec
 * @property {boolean} hasSettings of a spec
 * @property {number | null | undefined} speed undefined when the link does not say
 * @property {Partial<Display>} display
 * @property {string | null} palette
 * @property {string | null} panel
 * @property {string[]} hidden controls
 * @property {boolean} isEmbedded the page stands in a frame of another one
 * @property {string | null} runId
 * @property {boolean} isPlaygrounds it was made by TensorFlow Playground
 * @property {LinkProblem[]} problems what could not be taken as it is
 */

/**
 * @typedef {object} Shown what a link is made from
 * @property {import("./spec.js").RunSpec} spec
 * @property {number | null} speed
 * @property {Display} display
 * @property {string} palette
 * @property {string} panel
 * @property {readonly string[]} hidden
 * @property {boolean} isEmbedded
 * @property {string | null} runId
 */

const usualSpeed = 60;
const fastest = "fastest";

/** The first one is the usual one, of which a link says nothing; so it is with the palettes. */
const panels = Object.freeze(["quality", "layers", "runs", "code"]);

/** Names in a link of what can be switched on. @type {Readonly<Record<string, keyof Display>>} */
const switches = Object.freeze({
  show_test_data: "showsTestData",
  discretize: "isDiscrete",
  log_scale: "isLogarithmic",
});

/** @param {number | null} speed */
const writeSpeed = (speed) => (speed === null ? fastest : String(speed));

/** @param {Shown} shown @returns {Entry[]} */
function pageEntries({ speed, display, palette, panel, hidden, isEmbedded, runId }) {
  /** @param {string} name @param {string} value @param {boolean} isSaid @returns {Entry[]} */
  const entry = (name, value, isSaid) => (isSaid ? [[name, value]] : []);
  return [
    ...entry("speed", writeSpeed(speed), speed !== usualSpeed),
    ...Object.entries(switches).flatMap(([name, key]) => entry(name, "true", display[key])),
    ...entry("palette", palette, paletteNames.indexOf(palette) > 0),
    ...entry("panel", panel, panels.indexOf(panel) > 0),
    ...entry("hide", hidden.join(","), hidden.length > 0),
    ...entry("embed", "true", isEmbedded),
    ...entry("run", runId ?? "", Boolean(runId)),
  ];
}

/**
 * @param {Shown} shown
 * @param {Book} book
 * @returns {string} "#" and the entries; the run comes last
 */
export function linkOfState(shown, book) {
  return hashOf([...writeSpec(shown.spec, book), ...pageEntries(shown)]);
}

/**
 * One entry that is about the page: what it says, or undefined when that is not allowed.
 * @type {Record<string, (text: string) => any>}
 */
const pageReaders = {
  speed: (text) => speedSteps.find((step) => writeSpeed(step) === text),
  palette: (text) => paletteNames.find((name) => name === text),
  panel: (text) => panels.find((name) => name === text),
  embed: readSwitch,
  run: (text) => (/^[\w-]{1,64}$/.test(text) ? text : undefined),
  ...Object.fromEntries(Object.keys(switches).map((name) => [name, readSwitch])),
};

/** What a link can say besides the settings of a spec. */
export const pageNames = Object.freeze([...Object.keys(pageReaders), "hide"]);

/** @param {string} text the names of controls */
function readHidden(text) {
  const names = text.split(",").map((name) => name.trim());
  const hidden = hideableOf(names);
  const unknown = names.filter((name) => name && !hidden.includes(name));
  return { hidden, problems: unknown.map((name) => ({ name: "hide", given: name, used: null })) };
}

/** `noise_hide=true` says the same as `hide=noise`. @param {readonly Entry[]} entries @returns {Entry[]} */
function withOneHideList(entries) {
  const isHide = (/** @type {Entry} */ [name]) => name.endsWith("_hide");
  const names = entries.filter((each) => isHide(each) && each[1] === "true").map(([name]) => name.slice(0, -5));
  const list = new Map(entries).get("hide")?.split(",") ?? [];
  const others = entries.filter((each) => !isHide(each) && each[0] !== "hide");
  const all = [...list, ...names];
  return all.length ? [...others, ["hide", all.join(",")]] : others;
}

/** @param {readonly Entry[]} entries */
function readPage(entries) {
  const mine = entries.filter(([name]) => Object.hasOwn(pageReaders, name));
  const read = mine.map(([name, text]) => ({ name, given: text, value: pageReaders[name](text) }));
  const problems = read
    .filter(({ value }) => value === undefined)
    .map(({ name, given }) => ({ name, given, used: null }));
  const values = Object.fromEntries(read.map(({ name, value }) => [name, value]));
  const display = Object.entries(switches).filter(([name]) => values[name] !== undefined);
  return {
    values,
    display: Object.fromEntries(display.map(([name, key]) => [key, values[name]])),
    problems,
  };
}

/**
 * @param {string} hash
 * @param {Book} book
 * @returns {Link}
 */
export function specOfLink(hash, book) {
  const given = entriesOf(hash);
  const isPlaygrounds = isPlaygroundLink(given);
  const theirs = isPlaygrounds ? fromPlayground(given) : { entries: given, problems: [] };
  const entries = withOneHideList(theirs.entries);
  const { spec, problems, names } = readSpec(entries, book);
  const page = readPage(entries);
  const { hidden, problems: unhideable } = readHidden(new Map(entries).get("hide") ?? "");
  const known = [...names, ...pageNames];
  const unknown = entries.filter(([name]) => !known.includes(name));
  return {
    spec,
    hasSettings: names.length > 0,
    speed: page.values.speed,
    display: page.display,
    palette: page.values.palette ?? null,
    panel: page.values.panel ?? null,
    hidden,
    isEmbedded: page.values.embed === true,
    runId: page.values.run ?? null,
    isPlaygrounds,
    problems: [
      ...problems,
      ...page.problems,
      ...unhideable,
      ...theirs.problems,
      ...unknown.map(([name, value]) => ({ name, given: value, used: null })),
    ],
  };
}
