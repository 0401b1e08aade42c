import assert from "node:assert/strict";
import { test } from "node:test";
import { createStreamPlaces } from "../../../static/js/transport/stream-places.js";

/** A browser whose tabs share a storage and a clock. */
function openBrowser() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const clock = { ms: 1_000_000 };
  const storage = {
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => void kept.set(name, value),
    removeItem: (/** @type {string} */ name) => void kept.delete(name),
  };
  let tabs = 0;
  const openTab = () => {
    tabs += 1;
    return createStreamPlaces({ storage: () => storage, now: () => clock.ms, owner: `tab${tabs}` });
  };
  return { kept, clock, openTab };
}

/** @param {() => import("../../../static/js/transport/stream-places.js").StreamPlaces} openTab */
function openAndTake(openTab) {
  const tabs = [1, 2, 3, 4].map(openTab);
  for (const tab of tabs) tab.take();
  return tabs;
}

test("three of six tabs get a place", () => {
  const { openTab } = openBrowser();
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map(() => openTab().take()),
    [true, true, true, false, false, false],
  );
});

test("a tab holds one place, however often it asks", () => {
  const { openTab, kept } = openBrowser();
  const tab = openTab();
  for (let round = 0; round < 5; round += 1) assert.ok(tab.take());
  assert.equal(kept.size, 1);
});

test("a place that was given back goes to the next", () => {
  const { openTab } = openBrowser();
  const [first, , , last] = openAndTake(openTab);
  assert.ok(!last.take());
  first.giveBack();
  assert.ok(last.take());
});

test("the place of a tab that crashed is free when its lease has run out", () => {
  const { openTab, clock } = openBrowser();
  const [living, , , last] = openAndTake(openTab);
  clock.ms += 4000;
  assert.ok(living.take());
  clock.ms += 2000;
  assert.ok(last.take());
  assert.ok(living.take());
});

test("of two tabs that took the same place in the same moment, one steps back", () => {
  const { openTab, kept } = openBrowser();
  const [one, other] = [openTab(), openTab()];
  one.take();
  const name = [...kept.keys()][0];
  kept.delete(name);
  other.take();
  for (const place of ["1", "2"]) kept.set(name.slice(0, -1) + place, `busy ${1_004_000}`);
  assert.ok(other.take());
  assert.ok(!one.take());
});

test("giving back leaves a place alone that is another's by now", () => {
  const { openTab, kept } = openBrowser();
  const tab = openTab();
  tab.take();
  const name = [...kept.keys()][0];
  kept.set(name, `other ${1_004_000}`);
  tab.giveBack();
  assert.ok(kept.has(name));
});

test("a lease far in the future is of a clock that was wrong", () => {
  const { openTab, kept } = openBrowser();
  for (const place of [0, 1, 2]) kept.set(`neural-playground.stream.${place}`, `other ${9_000_000}`);
  assert.ok(openTab().take());
});

test("where nothing can be kept, a tab goes on as if it were alone", () => {
  const storage = () => {
    throw new Error("forbidden");
  };
  const tab = createStreamPlaces({ storage, now: () => 0, owner: "tab" });
  assert.ok(tab.take());
  tab.giveBack();
});
