import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { createCamera } from "../../../../static/js/views/images/camera.js";

/** What the page's globals were. @type {Record<string, PropertyDescriptor | undefined>} */
const before = {};

/** @param {string} name @param {unknown} value */
function pretend(name, value) {
  before[name] ??= Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** @type {any} */
let track;
/** @type {any} */
let video;
/** @type {any} */
let page;
/** @type {any[]} */
let asked;
/** @type {string[]} */
let told;
/** @type {Record<string, () => void>} */
let hears;

/** @returns {ReturnType<typeof createCamera>} */
const makeCamera = () =>
  createCamera({
    size: () => ({ width: 2, height: 2 }),
    onPhoto() {},
    onChange: (how) => told.push(how),
    onTrouble: (key) => told.push(key),
  });

beforeEach(() => {
  [asked, told, hears] = [[], [], {}];
  track = { isLive: true, stop: () => Object.assign(track, { isLive: false }) };
  video = { play: async () => undefined, srcObject: null };
  const addEventListener = (/** @type {string} */ type, /** @type {() => void} */ listener) => {
    hears[type] = listener;
  };
  page = { hidden: false, createElement: () => video, addEventListener };
  const getUserMedia = async (/** @type {any} */ wanted) => {
    asked.push(wanted);
    return { getTracks: () => [track] };
  };
  pretend("document", page);
  pretend("window", { addEventListener, setInterval: () => 7 });
  pretend("navigator", { mediaDevices: { getUserMedia } });
});

afterEach(() => {
  for (const [name, descriptor] of Object.entries(before)) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }
});

test("the camera that looks at the paper is asked for, and filmed with", async () => {
  await makeCamera().start();
  assert.deepEqual(asked, [{ video: { facingMode: { ideal: "environment" } }, audio: false }]);
  assert.deepEqual(told, ["on"]);
  assert.equal(track.isLive, true);
});

test("a film that does not begin switches the camera off and says so", async () => {
  video.play = async () => {
    throw new Error("no film");
  };
  await makeCamera().start();
  assert.equal(track.isLive, false);
  assert.equal(video.srcObject, null);
  assert.deepEqual(told, ["images.draw.camera.failed"]);
});

test("who has had enough before the film begins sees none", async () => {
  const camera = makeCamera();
  video.play = async () => camera.stop();
  await camera.start();
  assert.equal(track.isLive, false);
  assert.deepEqual(told, ["off"]);
});

test("a camera that is given only after the page was hidden is switched off at once", async () => {
  const started = makeCamera().start();
  page.hidden = true;
  hears.visibilitychange();
  await started;
  assert.equal(track.isLive, false);
  assert.deepEqual(told, ["off"]);
});

test("a hidden page whose camera is off says nothing", () => {
  makeCamera();
  page.hidden = true;
  hears.visibilitychange();
  hears.pagehide();
  assert.deepEqual(told, []);
});

test("what the page has ended already is switched off without a word", async () => {
  const camera = makeCamera();
  await camera.start();
  camera.release();
  assert.equal(track.isLive, false);
  assert.deepEqual(told, ["on"]);
});
