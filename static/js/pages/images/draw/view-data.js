/** What the drawing card shows. */

import { memoizeLast } from "../../../core/memoize.js";
import { likeliest } from "../../../core/picture-errors.js";
import { classNamesOf } from "../class-names.js";
import { isOfRun } from "../is-of-run.js";
import { makingOf, photoSizeOf } from "./changes.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

const shapeOf = memoizeLast(
  (/** @type {number} */ height, /** @type {number} */ width, /** @type {number} */ channels) => [
    height,
    width,
    channels,
  ],
);
const sizeOf = memoizeLast((/** @type {number} */ width, /** @type {number} */ height) => ({ width, height }));

/** @param {ImagesState} state @returns {readonly number[]} of a picture; the same object while it stays the same */
export function pictureShape(state) {
  const { height, width, channels } = makingOf(state);
  return shapeOf(height, width, channels);
}

/** @param {ImagesState} state */
export function sheetData(state) {
  const { strokes, photo, sample, picture } = state.draw;
  return {
    strokes,
    photo,
    sample: sample?.picture ?? null,
    shape: pictureShape(state),
    isDark: makingOf(state).inks.paper === 0,
    isEmpty: picture === null && strokes.length === 0 && photo === null,
  };
}

/** @param {ImagesState} state */
export function sourcesData(state) {
  const { strokes, photo, sample, camera, trouble } = state.draw;
  const size = photoSizeOf(makingOf(state));
  return {
    translator: state.translator,
    photoSize: sizeOf(size.width, size.height),
    canUndo: strokes.length > 0 || photo !== null || sample !== null,
    isEmpty: strokes.length === 0 && photo === null && sample === null,
    camera,
    trouble,
  };
}

/** @param {ImagesState} state @returns {string} key of what is said beside the answer, or instead of it */
function sentenceOf(state) {
  const { draw, model, isCreating } = state;
  const { picture, answer, sample, photo, camera } = draw;
  if (picture === null && (photo !== null || camera === "on")) return "images.answer.blank_photo";
  if (picture === null) return makingOf(state).fit === "frame" ? "images.answer.blank_any" : "images.answer.blank";
  if (!isOfRun(state)) return isCreating ? "images.answer.waiting" : "images.answer.no_run";
  if (model?.failure) return "images.answer.failed";
  if (answer === null || model === null) return "images.answer.waiting";
  if (sample && sample.label !== null)
    return likeliest(answer.shares) === sample.label ? "images.answer.right" : "images.answer.wrong";
  return model.epoch === 0 ? "images.answer.untrained" : "images.answer.live";
}

/** @param {ImagesState} state */
export function answerData(state) {
  const { picture, answer, sample } = state.draw;
  return {
    translator: state.translator,
    names: classNamesOf(state),
    picture,
    shape: pictureShape(state),
    shares: picture && answer && isOfRun(state) ? answer.shares : null,
    label: sample?.label ?? null,
    sentence: sentenceOf(state),
  };
}
