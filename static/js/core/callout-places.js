/** Where a note fits into a drawing of a network without touching a tile or a line; nowhere, when it is full. */

import { lineAt } from "./connections.js";

/**
 * @typedef {import("./network-layout.js").Place} Place
 * @typedef {{width: number, height: number}} Size
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {Box & {target: Place}} CalloutPlace target: what the note is about
 * @typedef {{layout: import("./network-layout.js").NetworkLayout, lines: readonly import("./connections.js").Line[], taken: readonly Box[]}} Drawing
 */

/** From a note to what it is about: short is better. */
const arrows = [22, 34, 46, 58];
const margin = 9;
const samplesApart = 12;

/** @param {Place} middle @param {Size} size @returns {Box} */
function boxAround({ x, y }, { width, height }) {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

/** @param {Box} one @param {Box} other */
function overlap(one, other) {
  const isBeside = one.right + margin < other.left || other.right + margin < one.left;
  return !isBeside && one.bottom + margin >= other.top && other.bottom + margin >= one.top;
}

/** @param {Box} box @param {import("./connections.js").Line} line @param {number} tile */
function touches(box, line, tile) {
  for (let x = box.left; x <= box.right; x += samplesApart) {
    const at = lineAt(line, tile, x);
    if (at && at.y > box.top - margin && at.y < box.bottom + margin) return true;
  }
  return false;
}

/** @param {Box} box @param {Drawing} drawing */
function isFree(box, { layout, lines, taken }) {
  const { width, height, tile, headRoom } = layout;
  if (box.left < margin || box.right > width - margin || box.top < headRoom || box.bottom > height - margin)
    return false;
  const tiles = [layout.inputs, ...layout.layers, layout.outputs].flat();
  const boxes = [...taken, ...tiles.map((place) => boxAround(place, { width: tile, height: tile }))];
  return !boxes.some((other) => overlap(box, other)) && !lines.some((line) => touches(box, line, tile));
}

/** @param {CalloutPlace[]} wanted best first @param {Drawing} drawing @returns {CalloutPlace | null} */
function firstFree(wanted, drawing) {
  return wanted.find((place) => isFree(place, drawing)) ?? null;
}

/** Below the lowest unit of a layer, the last layer first. @param {Drawing} drawing @param {Size} size */
function unitPlace(drawing, size) {
  const { layers, tile } = drawing.layout;
  const wanted = [...layers].reverse().flatMap((places) => {
    const { x, y } = places[places.length - 1];
    const target = { x, y: y + tile / 2 };
    return arrows.map((arrow) => ({ ...boxAround({ x, y: target.y + arrow + size.height / 2 }, size), target }));
  });
  return firstFree(wanted, drawing);
}

/** Below or above the lines between two columns, the last ones first. @param {Drawing} drawing @param {Size} size */
function linesPlace(drawing, size) {
  const { layers, inputs, tile, spacing } = drawing.layout;
  const starts = [inputs, ...layers].map((places) => places[0].x).reverse();
  const wanted = starts.flatMap((start) => {
    const x = start + spacing / 2;
    const heights = drawing.lines.flatMap((line) => (line.from.x === start ? [lineAt(line, tile, x)?.y ?? 0] : []));
    if (heights.length === 0) return [];
    const [highest, lowest] = [Math.min(...heights), Math.max(...heights)];
    const at = (/** @type {number} */ y, /** @type {number} */ away) => ({
      ...boxAround({ x, y: y + away }, size),
      target: { x, y },
    });
    const distances = arrows.map((arrow) => arrow + size.height / 2);
    return distances.flatMap((away) => [at(lowest, away), at(highest, -away)]);
  });
  return firstFree(wanted, drawing);
}

/** A crowded drawing explains nothing by one note more. */
const mostLines = 160;

/**
 * @param {Omit<Drawing, "taken">} drawing
 * @param {Size} size of a note
 * @returns {{unit: CalloutPlace | null, lines: CalloutPlace | null}} null where there is no room
 */
export function calloutPlaces(drawing, size) {
  if (drawing.lines.length > mostLines) return { unit: null, lines: null };
  const unit = unitPlace({ ...drawing, taken: [] }, size);
  return { unit, lines: linesPlace({ ...drawing, taken: unit ? [unit] : [] }, size) };
}
