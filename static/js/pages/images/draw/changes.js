/** What drawing, dropping and choosing pictures make of the page's state. */

import { inkOfDrawing, paintedPicture } from "../../../core/drawing.js";
import { borderLevel, channelsOf, digitOnPhoto, shrunkPicture } from "../../../core/photo.js";
import { keyOf, shapeOf } from "../../../state/image-datasets.js";
import { isOfRun } from "../is-of-run.js";

/**
 * @typedef {import("../page-state.js").ImagesState} ImagesState
 * @typedef {import("./slice.js").DrawSlice} DrawSlice
 * @typedef {import("./slice.js").Photo} Photo
 * @typedef {import("../../../core/strokes.js").Point} Point
 */

/**
 * @typedef {object} Making how pictures for this network are made
 * @property {string} key
 * @property {number} height
 * @property {number} width
 * @property {number} channels
 * @property {import("../../../core/drawing.js").Fit} fit
 * @property {import("../../../core/drawing.js").Inks} inks
 */

const chalk = Object.freeze({ ink: 255, paper: 0 });
const pencil = Object.freeze({ ink: 20, paper: 255 });

/** Sets whose pictures were all made in the same way. @type {Readonly<Record<string, import("../../../core/drawing.js").Fit>>} */
const fits = Object.freeze({ mnist: "mass", digits: "block" });

/** Sets whose things are light on black. */
const lightSets = Object.freeze(["mnist", "digits", "fashion_mnist"]);

/** A photo has at least so many pixels along a side. */
const photoSide = 224;

/**
 * @param {Pick<ImagesState, "datasets" | "spec">} state
 * @returns {Making}
 */
export function makingOf({ datasets, spec }) {
  const [height, width, channels] = shapeOf(datasets, spec);
  const { name } = spec.dataset;
  const key = [keyOf(spec.dataset), height, width, channels].join();
  const inks = lightSets.includes(name) ? chalk : pencil;
  return { key, height, width, channels, inks, fit: fits[name] ?? "frame" };
}

/**
 * @param {Making} making
 * @returns {{width: number, height: number}} pixels that a photo for such pictures must have
 */
export function photoSizeOf({ width, height }) {
  const times = Math.max(1, Math.ceil(photoSide / Math.max(width, height)));
  return { width: width * times, height: height * times };
}

/** Things on white paper, for a network that has seen things on black only. @param {Float32Array} grey @param {number} side */
function onBlack(grey, side) {
  return borderLevel(grey, side) > 127 ? grey.map((value) => 255 - value) : grey;
}

/** @param {Photo} photo @param {Making} making @returns {Uint8Array | null} */
function pictureOfPhoto({ rgba, width }, making) {
  const { channels, inks, fit } = making;
  const fine = channelsOf(rgba, channels);
  if (fit === "frame") {
    const seen = inks === chalk ? onBlack(fine, width) : fine;
    return shrunkPicture(seen, { ...making, times: width / making.width });
  }
  const ink = digitOnPhoto(fine, width, making);
  return ink ? paintedPicture(ink, { channels, inks }) : null;
}

/** @param {DrawSlice} draw @param {Making} making @returns {Uint8Array | null} what lies under the drawing */
function pictureBelow({ photo, sample }, making) {
  return photo ? pictureOfPhoto(photo, making) : (sample?.picture ?? null);
}

/** @param {DrawSlice} draw @param {Making} making @returns {DrawSlice} with the picture that follows from it */
function withPicture(draw, making) {
  const below = pictureBelow(draw, making);
  const ink = inkOfDrawing(draw.strokes, making);
  const picture = ink ? paintedPicture(ink, { channels: making.channels, inks: making.inks, below }) : below;
  return { ...draw, picture, madeFor: making.key, answer: picture ? draw.answer : null };
}

/** @param {ImagesState} state @param {Partial<DrawSlice>} change */
function changed(state, change) {
  return { draw: withPicture({ ...state.draw, trouble: null, ...change }, makingOf(state)) };
}

/** Digits are placed anew with each line; on other pictures one may draw. @param {ImagesState} state */
function belowKept(state) {
  const isKept = makingOf(state).fit === "frame";
  return isKept ? {} : { photo: null, sample: null };
}

/** Whatever comes onto the sheet by hand ends the film: its next photo would wipe that away. @type {Readonly<Partial<DrawSlice>>} */
const filmEnded = Object.freeze({ camera: "off" });

const blank = Object.freeze({ strokes: [], photo: null, sample: null });

/**
 * For another data set: the lines stay, pictures of another shape go.
 * @param {ImagesState} state
 * @returns {import("../room.js").StateChange}
 */
export function madeAnew(state) {
  return changed(state, { photo: null, sample: null, answer: null });
}

/** @type {import("../room.js").Changes} */
export const drawChanges = {
  draw_begin: (state, { point }) =>
    changed(state, { ...filmEnded, ...belowKept(state), strokes: [...state.draw.strokes, [point]] }),
  draw_on: (state, { points }) => {
    const { strokes } = state.draw;
    const last = strokes.at(-1) ?? [];
    return changed(state, { strokes: [...strokes.slice(0, -1), [...last, ...points]] });
  },
  draw_undo(state) {
    const { strokes } = state.draw;
    return changed(state, { ...filmEnded, ...(strokes.length ? { strokes: strokes.slice(0, -1) } : blank) });
  },
  draw_clear: (state) => changed(state, { ...filmEnded, ...blank }),
  // A photo may still come from a film that has just ended.
  draw_photo: (state, { photo, isFilmed = false }) =>
    isFilmed && state.draw.camera === "off" ? {} : changed(state, { ...blank, photo }),
  // The pictures on offer are those of the run.
  draw_sample: (state, { picture, label }) =>
    isOfRun(state) ? changed(state, { ...filmEnded, ...blank, sample: { picture, label } }) : {},
  draw_camera: (state, { camera }) => ({ draw: { ...state.draw, camera, trouble: null } }),
  draw_trouble: (state, { key }) => ({ draw: { ...state.draw, camera: "off", trouble: key } }),
};
