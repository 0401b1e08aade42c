import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStream, reopenDelay } from "../../../static/js/transport/event-stream.js";

const keepPlaceMs = 1000;
const askAgainMs = 250;
const askSlowlyMs = 2000;

class FakeEventSource {
  /** @type {FakeEventSource[]} */
  static opened = [];
  readyState = 1;
  isClosed = false;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {(() => void) | null} */
  onerror = null;
  /** @type {Map<string, (message: any) => void>} */
  listeners = new Map();

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    FakeEventSource.opened.push(this);
  }

  /** @param {string} type @param {(message: any) => void} listener */
  addEventListener(type, listener) {
    this.listeners.set(type, listener);
  }

  /** @param {string} type @param {unknown} data @param {string} lastEventId */
  say(type, data, lastEventId) {
    this.listeners.get(type)?.({ data: JSON.stringify(data), lastEventId });
  }

  /** @param {number} readyState 0: the browser comes back by itself; 2: it has given up */
  breakOff(readyState) {
    this.readyState = readyState;
    this.onerror?.();
  }

  close() {
    this.isClosed = true;
  }
}

function openStream(isFree = true) {
  /** @type {{isFree: boolean, givenBack: boolean[]}} */
  const places = { isFree, givenBack: [] };
  const clock = { ms: 0 };
  FakeEventSource.opened = [];
  /** @type {any[]} */
  const events = [];
  /** @type {string[]} */
  const connections = [];
  /** @type {{act: () => void, delayMs: number}[]} */
  const timers = [];
  const stream = new EventStream({
    url: (cursor, { waits }) => `events?after=${cursor}${waits ? "" : "&wait=0"}`,
    places: { take: () => places.isFree, giveBack: () => places.givenBack.push(places.isFree) },
    types: ["status", "metrics"],
    onEvent: (streamEvent) => events.push(streamEvent),
    onConnection: (connection) => connections.push(connection),
    EventSource: /** @type {any} */ (FakeEventSource),
    later: (act, delayMs) => timers.push({ act, delayMs }),
    cancel: () => undefined,
    random: () => 0.5,
    now: () => clock.ms,
  });
  stream.open("g-3");
  /** @param {number} delayMs */
  const runTimer = (delayMs) =>
    timers
      .splice(
        timers.findLastIndex((timer) => timer.delayMs === delayMs),
        1,
      )[0]
      .act();
  return { stream, events, connections, timers, places, clock, runTimer, sources: FakeEventSource.opened };
}

/** Opens and ends again, as an answer to a question does. @param {FakeEventSource | undefined} source */
function answer(source) {
  source?.onopen?.();
  source?.breakOff(0);
}

test("events are handed over parsed", () => {
  const { sources, events } = openStream();
  sources[0].say("status", { epoch: 4 }, "g-4");
  assert.deepEqual(events, [{ type: "status", data: { epoch: 4 } }]);
});

test("the first line goes on after the cursor that was given", () => {
  assert.equal(openStream().sources[0].url, "events?after=g-3");
});

test("while the browser reconnects by itself, the stream only says so", () => {
  const { sources, connections, timers } = openStream();
  sources[0].onopen?.();
  sources[0].breakOff(0);
  assert.deepEqual(connections, ["open", "waiting"]);
  assert.ok(timers.every(({ delayMs }) => delayMs === keepPlaceMs));
});

test("after a refusal the page asks behind the last event, and tries an open line again later each time", () => {
  const { sources, timers, connections, runTimer } = openStream();
  sources[0].say("metrics", {}, "g-9");
  for (const delayMs of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
    sources.at(-1)?.breakOff(2);
    assert.deepEqual([connections.at(-1), timers.at(-1)?.delayMs], ["refused", askSlowlyMs]);
    runTimer(askSlowlyMs);
    assert.equal(sources.at(-1)?.url, "events?after=g-9&wait=0");
    answer(sources.at(-1));
    assert.deepEqual([connections.at(-1), timers.at(-1)?.delayMs], ["asking", askSlowlyMs]);
    runTimer(delayMs);
    runTimer(askSlowlyMs);
    assert.equal(sources.at(-1)?.url, "events?after=g-9");
  }
});

test("when asking is refused, too, the page asks later each time", () => {
  const { sources, timers, connections } = openStream();
  sources[0].breakOff(2);
  timers.at(-1)?.act();
  for (const delayMs of [10_000, 20_000, 40_000, 60_000, 60_000]) {
    sources.at(-1)?.breakOff(2);
    assert.deepEqual([connections.at(-1), timers.at(-1)?.delayMs], ["refused", delayMs]);
    timers.at(-1)?.act();
    assert.equal(sources.at(-1)?.url, "events?after=g-3&wait=0");
  }
});

test("an event that arrives on an open line makes the next wait short again", () => {
  const { sources, timers, runTimer } = openStream();
  sources[0].breakOff(2);
  runTimer(5000);
  runTimer(askSlowlyMs);
  sources[1].say("status", {}, "g-4");
  sources[1].breakOff(2);
  assert.ok(timers.some(({ delayMs }) => delayMs === 5000));
  assert.ok(!timers.some(({ delayMs }) => delayMs === 10_000));
});

test("another run is listened to at once, whatever was refused before", () => {
  const { stream, sources } = openStream();
  sources[0].breakOff(2);
  stream.open("h-1");
  assert.equal(sources[1].url, "events?after=h-1");
});

test("three lines that die young without an event are enough: from then on the page asks, and says so", () => {
  const { stream, sources, connections, clock, runTimer } = openStream();
  for (const life of [3000, 19_999, 10]) {
    sources[0].onopen?.();
    clock.ms += life;
    sources[0].breakOff(0);
  }
  assert.ok(sources[0].isClosed);
  runTimer(askSlowlyMs);
  assert.equal(sources[1].url, "events?after=g-3&wait=0");
  answer(sources[1]);
  assert.equal(connections.at(-1), "asking");
  runTimer(askSlowlyMs);
  assert.equal(sources[2].url, "events?after=g-3&wait=0");
  stream.open("h-1");
  assert.equal(sources[3].url, "events?after=h-1&wait=0", "another run has the same network");
});

for (const { name, live } of [
  { name: "on which an event came", live: (/** @type {any} */ source) => source.say("status", {}, "") },
  {
    name: "that lived longer",
    live: (/** @type {any} */ _source, /** @type {any} */ clock) => {
      clock.ms += 20_000;
    },
  },
]) {
  test(`a line ${name} does not count among the mute ones`, () => {
    const { sources, connections, clock } = openStream();
    for (let round = 0; round < 5; round += 1) {
      sources[0].onopen?.();
      live(sources[0], clock);
      sources[0].breakOff(0);
    }
    assert.ok(!sources[0].isClosed);
    assert.equal(connections.at(-1), "waiting");
  });
}

test("a server that is away for long cuts a line once, however often the browser tries", () => {
  const { sources } = openStream();
  sources[0].onopen?.();
  for (let round = 0; round < 5; round += 1) sources[0].breakOff(0);
  assert.ok(!sources[0].isClosed);
});

test("a stream at rest holds no line, and resumes where it was", () => {
  const { stream, sources } = openStream();
  sources[0].say("metrics", {}, "g-12");
  stream.rest();
  assert.ok(sources[0].isClosed);
  stream.resume();
  assert.equal(sources[1].url, "events?after=g-12");
});

test("a closed stream does not come back", () => {
  const { stream, sources } = openStream();
  stream.close();
  stream.resume();
  assert.equal(sources.length, 1);
});

test("a line that was replaced is not heard any more", () => {
  const { stream, sources, events, connections } = openStream();
  stream.open(null);
  sources[0].say("status", {}, "h-1");
  sources[0].breakOff(2);
  assert.deepEqual(events, []);
  assert.deepEqual(connections, []);
});

test("an event without an id leaves the cursor as it was", () => {
  const { stream, sources } = openStream();
  sources[0].say("status", {}, "");
  stream.rest();
  stream.resume();
  assert.equal(sources[1].url, "events?after=g-3");
});

test("a tab without a place asks, and asks again when the answer has ended", () => {
  const { sources, timers, connections } = openStream(false);
  assert.equal(sources[0].url, "events?after=g-3&wait=0");
  sources[0].onopen?.();
  sources[0].say("metrics", {}, "g-5");
  sources[0].breakOff(0);
  assert.ok(sources[0].isClosed);
  assert.equal(timers.at(-1)?.delayMs, askAgainMs);
  timers.at(-1)?.act();
  assert.equal(sources[1].url, "events?after=g-5&wait=0");
  assert.deepEqual(connections, ["open"]);
});

test("a tab that asks takes a place as soon as one is free", () => {
  const { sources, timers, places } = openStream(false);
  sources[0].onopen?.();
  sources[0].breakOff(0);
  places.isFree = true;
  timers.at(-1)?.act();
  assert.equal(sources[1].url, "events?after=g-3");
});

test("an answer that never came is a cut, not an end", () => {
  const { sources, connections } = openStream(false);
  sources[0].breakOff(0);
  assert.deepEqual(connections, ["waiting"]);
  assert.ok(!sources[0].isClosed);
});

test("who asks again gets the newest frame again, and does not hand it over twice", () => {
  const { sources, timers, events } = openStream(false);
  for (const epoch of [7, 7, 8]) {
    sources.at(-1)?.onopen?.();
    sources.at(-1)?.say("status", { epoch }, "");
    sources.at(-1)?.breakOff(0);
    timers.at(-1)?.act();
  }
  assert.deepEqual(
    events.map(({ data }) => data.epoch),
    [7, 8],
  );
});

test("a tab whose place was taken goes on by asking", () => {
  const { sources, timers, places } = openStream();
  places.isFree = false;
  timers.find(({ delayMs }) => delayMs === keepPlaceMs)?.act();
  assert.ok(sources[0].isClosed);
  assert.equal(sources[1].url, "events?after=g-3&wait=0");
});

test("a tab that nobody looks at gives its place back, and opens nothing until somebody does", () => {
  const { stream, sources, places } = openStream();
  stream.rest();
  assert.equal(places.givenBack.length, 1);
  stream.open("h-1");
  assert.equal(sources.length, 1);
  stream.resume();
  assert.equal(sources[1].url, "events?after=h-1");
});

for (const { attempt, random, delayMs } of [
  { attempt: 0, random: 0, delayMs: 2500 },
  { attempt: 0, random: 0.999, delayMs: 7495 },
  { attempt: 2, random: 0.5, delayMs: 20_000 },
  { attempt: 3, random: 0, delayMs: 20_000 },
  { attempt: 30, random: 0.999, delayMs: 60_000 },
]) {
  test(`attempt ${attempt} waits about ${delayMs} ms`, () =>
    assert.equal(Math.round(reopenDelay(attempt, random)), delayMs));
}
