import assert from "node:assert/strict";
import { test } from "node:test";
import { drawChanges, madeAnew, makingOf, photoSizeOf } from "../../../../../static/js/pages/images/draw/changes.js";
import { drawAtFirst } from "../../../../../static/js/pages/images/draw/slice.js";
import { pictureShape } from "../../../../../static/js/pages/images/draw/view-data.js";

const datasets = [
  { name: "digits", shape: [8, 8, 1], classes: 10 },
  { name: "mnist", shape: [28, 28, 1], classes: 10 },
  { name: "fashion_mnist", shape: [28, 28, 1], classes: 10 },
  { name: "cifar10", shape: [32, 32, 3], classes: 10 },
];

/** @param {string} name @param {any} draw @returns {any} */
function makeState(name, draw = {}) {
  const spec = { dataset: { name } };
  return { datasets, spec, run: { spec }, draw: { ...drawAtFirst, ...draw } };
}

/** @param {any} state @param {string} type @param {any} [intent] @returns {any} */
const after = (state, type, intent = {}) => ({ ...state, ...drawChanges[type](state, { type, ...intent }) });

/** A line from the top to the bottom. @param {any} state */
function withLine(state) {
  const begun = after(state, "draw_begin", { point: { x: 0.5, y: 0.2 } });
  return after(begun, "draw_on", {
    points: [
      { x: 0.5, y: 0.5 },
      { x: 0.5, y: 0.8 },
    ],
  });
}

/** @param {number} side @param {number} level */
const photoOf = (side, level) => ({
  width: side,
  height: side,
  rgba: new Uint8ClampedArray(side * side * 4).fill(level).map((value, index) => (index % 4 === 3 ? 255 : value)),
});

test("what is drawn becomes the picture the network sees, of its own shape", () => {
  for (const { name, shape } of datasets) {
    const { draw } = withLine(makeState(name));
    assert.equal(draw.picture.length, shape[0] * shape[1] * shape[2]);
    assert.equal(draw.strokes.length, 1);
    assert.equal(draw.strokes[0].length, 3);
  }
});

test("digits are light on dark, drawings for photos dark on light", () => {
  assert.equal(withLine(makeState("mnist")).draw.picture[0], 0);
  assert.equal(withLine(makeState("cifar10")).draw.picture[0], 255);
});

test("a blank sheet is no picture: nothing is answered", () => {
  const cleared = after(withLine(makeState("mnist", { answer: { shares: [1] } })), "draw_clear");
  assert.equal(cleared.draw.picture, null);
  assert.equal(cleared.draw.answer, null);
});

test("the last line can be taken back, then a photo", () => {
  const twice = withLine(withLine(makeState("mnist")));
  assert.equal(after(twice, "draw_undo").draw.strokes.length, 1);
  const photographed = after(makeState("cifar10"), "draw_photo", { photo: photoOf(224, 90) });
  assert.equal(after(photographed, "draw_undo").draw.photo, null);
});

test("a photo shrinks to the network's own pixels", () => {
  const { draw } = after(makeState("cifar10"), "draw_photo", { photo: photoOf(224, 90) });
  assert.ok(draw.picture.every((/** @type {number} */ value) => value === 90));
});

test("a photo of blank paper is blank for a network that reads digits", () => {
  const { draw } = after(makeState("mnist"), "draw_photo", { photo: photoOf(224, 220) });
  assert.equal(draw.picture, null);
  assert.notEqual(draw.photo, null);
});

test("one can draw on a photo, but a digit begins on a new sheet", () => {
  const photo = photoOf(224, 90);
  const onPhoto = withLine(after(makeState("cifar10"), "draw_photo", { photo }));
  assert.equal(onPhoto.draw.photo, photo);
  assert.ok(onPhoto.draw.picture.includes(90) && onPhoto.draw.picture.includes(20));
  assert.equal(withLine(after(makeState("mnist"), "draw_photo", { photo })).draw.photo, null);
});

test("a test picture is seen as it is, with its true class", () => {
  const picture = Uint8Array.from({ length: 784 }, (_unused, index) => index % 256);
  const { draw } = after(withLine(makeState("mnist")), "draw_sample", { picture, label: 4 });
  assert.equal(draw.picture, picture);
  assert.equal(draw.sample.label, 4);
  assert.deepEqual(draw.strokes, []);
});

test("for another data set the lines stay and the picture is made anew", () => {
  const state = { ...withLine(makeState("mnist")), spec: { dataset: { name: "digits" } } };
  const { draw } = /** @type {any} */ (madeAnew(state));
  assert.equal(draw.picture.length, 64);
  assert.equal(draw.madeFor, makingOf(state).key);
  assert.equal(draw.strokes.length, 1);
});

test("trouble with a camera is told, and the next line makes it go", () => {
  const troubled = after(makeState("mnist"), "draw_trouble", { key: "images.draw.camera.none" });
  assert.equal(troubled.draw.trouble, "images.draw.camera.none");
  assert.equal(withLine(troubled).draw.trouble, null);
});

test("a photo has a whole number of pixels for each of the network's", () => {
  for (const width of [8, 28, 32, 96]) {
    const size = photoSizeOf(/** @type {any} */ ({ width, height: width }));
    assert.equal(size.width % width, 0);
    assert.ok(size.width >= 224);
  }
});

test("the shape is the very same object while it stays the same", () => {
  assert.equal(pictureShape(makeState("mnist")), pictureShape(withLine(makeState("mnist"))));
});

/** A dark thing in the middle of bright paper. */
function thingOnPaper() {
  const photo = photoOf(224, 240);
  for (let pixel = 0; pixel < 224 * 224; pixel += 1) {
    const [x, y] = [pixel % 224, Math.floor(pixel / 224)];
    if (Math.abs(x - 112) < 60 && Math.abs(y - 112) < 60) photo.rgba.fill(30, pixel * 4, pixel * 4 + 3);
  }
  return photo;
}

test("a thing on paper is light on black for clothes, as it is for photos", () => {
  const middle = 14 * 28 + 14;
  const clothes = after(makeState("fashion_mnist"), "draw_photo", { photo: thingOnPaper() }).draw.picture;
  assert.deepEqual([clothes[0], clothes[middle]], [15, 225]);
  const photo = after(makeState("cifar10"), "draw_photo", { photo: thingOnPaper() }).draw.picture;
  assert.equal(photo[0], 240);
  const dark = after(makeState("fashion_mnist"), "draw_photo", { photo: photoOf(224, 20) }).draw.picture;
  assert.equal(dark[0], 20);
});

test("what comes onto the sheet by hand ends the film, whose last photo does not wipe it away", () => {
  const filming = makeState("cifar10", { camera: "on", photo: photoOf(224, 90) });
  const sample = { picture: new Uint8Array(32 * 32 * 3), label: 4 };
  const acts = { draw_begin: { point: { x: 0.5, y: 0.5 } }, draw_undo: {}, draw_clear: {}, draw_sample: sample };
  for (const [type, intent] of Object.entries(acts)) {
    const ended = after(filming, type, intent);
    assert.equal(ended.draw.camera, "off", type);
    const late = after(ended, "draw_photo", { photo: photoOf(224, 10), isFilmed: true });
    assert.equal(late.draw.photo, ended.draw.photo, type);
  }
});

test("the film goes on from photo to photo, and a file needs no camera", () => {
  const photo = photoOf(224, 10);
  const filming = makeState("cifar10", { camera: "on" });
  assert.equal(after(filming, "draw_photo", { photo, isFilmed: true }).draw.photo, photo);
  assert.equal(after(filming, "draw_photo", { photo, isFilmed: true }).draw.camera, "on");
  assert.equal(after(makeState("cifar10"), "draw_photo", { photo }).draw.photo, photo);
});
