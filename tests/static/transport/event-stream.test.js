import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStream, reopenDelay } from "../../../static/js/transport/event-stream.js";

const keepPlaceMs = 1000;
const askAgainMs = 250;

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
  });
  stream.open("g-3");
  return { stream, events, connections, timers, places, sources: FakeEventSource.opened };
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

test("after a refusal a new line is opened behind the last event, later each time", () => {
  const { sources, timers, connections } = openStream();
  sources[0].say("metrics", {}, "g-9");
  for (const delayMs of [2000, 4000, 8000]) {
    sources.at(-1)?.breakOff(2);
    assert.equal(timers.at(-1)?.delayMs, delayMs);
    assert.equal(connections.at(-1), "refused");
    timers.at(-1)?.act();
  }
  assert.equal(sources.at(-1)?.url, "events?after=g-9");
});

test("an event that arrives makes the next wait short again", () => {
  const { sources, timers } = openStream();
  sources[0].breakOff(2);
  timers.at(-1)?.act();
  sources[1].say("status", {}, "g-4");
  sources[1].breakOff(2);
  assert.equal(timers.at(-1)?.delayMs, 2000);
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
  { attempt: 0, random: 0, delayMs: 1000 },
  { attempt: 0, random: 0.999, delayMs: 2998 },
  { attempt: 3, random: 0.5, delayMs: 16_000 },
  { attempt: 30, random: 0.999, delayMs: 60_000 },
]) {
  test(`attempt ${attempt} waits about ${delayMs} ms`, () =>
    assert.equal(Math.round(reopenDelay(attempt, random)), delayMs));
}
