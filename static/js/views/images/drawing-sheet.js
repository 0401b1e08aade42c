/** The sheet to draw on: with a mouse, a finger, a pen, or with keys. */

import { penShare } from "../../core/drawing.js";
import { find, whenChanged } from "../elements.js";
import { drawPicture } from "./pixel-canvas.js";

/**
 * @typedef {import("../../core/strokes.js").Stroke} Stroke
 * @typedef {import("../../core/strokes.js").Point} Point
 */

/**
 * @typedef {object} DrawingSheetData
 * @property {readonly Stroke[]} strokes on a sheet of side 1
 * @property {{width: number, height: number, rgba: Uint8ClampedArray} | null} photo under the drawing
 * @property {Uint8Array | null} sample under the drawing
 * @property {readonly number[]} shape of a sample
 * @property {boolean} isDark chalk on a board instead of a pencil on paper
 * @property {boolean} isEmpty
 */

/** @typedef {{type: string} & Record<string, unknown>} Intent */

const side = 640;
const [stepWide, stepFine] = [0.03, 0.008];

/** @type {Record<string, [number, number]>} */
const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {number} value @returns {number} on the sheet */
const within = (value) => Math.min(0.97, Math.max(0.03, value));

/** A pen moved by keys: arrows move it, the space bar holds it down. */
class KeyPen {
  /** @type {Point} */
  place = { x: 0.5, y: 0.3 };
  isDown = false;
  isShown = false;

  /** @param {(intent: Intent) => void} onIntent @param {() => void} redraw */
  constructor(onIntent, redraw) {
    this.onIntent = onIntent;
    this.redraw = redraw;
  }

  /** @param {KeyboardEvent} event @returns {boolean} the key was for the pen */
  press({ key, shiftKey, repeat }) {
    const direction = directions[key];
    if (direction) this.#move(direction, shiftKey ? stepFine : stepWide);
    else if (key === " " && !repeat) this.#lower();
    else if (key === "Backspace") this.onIntent({ type: "draw_undo" });
    else if (key === "Delete") this.onIntent({ type: "draw_clear" });
    else return key === " ";
    return true;
  }

  /** @param {[number, number]} direction @param {number} step */
  #move([x, y], step) {
    this.place = { x: within(this.place.x + x * step), y: within(this.place.y + y * step) };
    this.isShown = true;
    if (this.isDown) this.onIntent({ type: "draw_on", points: [this.place] });
    else this.redraw();
  }

  #lower() {
    this.isDown = true;
    this.isShown = true;
    this.onIntent({ type: "draw_begin", point: this.place });
  }

  lift() {
    if (!this.isDown) return;
    this.isDown = false;
    this.redraw();
  }

  hide() {
    this.lift();
    this.isShown = false;
    this.redraw();
  }
}

/** @param {CanvasRenderingContext2D} context @param {readonly Stroke[]} strokes @param {string} ink */
function drawStrokes(context, strokes, ink) {
  Object.assign(context, { strokeStyle: ink, lineWidth: 2 * penShare * side, lineCap: "round", lineJoin: "round" });
  for (const stroke of strokes) {
    context.beginPath();
    context.moveTo(stroke[0].x * side, stroke[0].y * side);
    for (const { x, y } of stroke) context.lineTo(x * side, y * side);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {KeyPen} pen */
function drawPen(context, { place, isDown }) {
  for (const [color, width] of /** @type {[string, number][]} */ ([
    ["#fff", 7],
    ["#2456c8", 4],
  ])) {
    context.beginPath();
    context.arc(place.x * side, place.y * side, penShare * side * (isDown ? 0.7 : 1), 0, 2 * Math.PI);
    Object.assign(context, { strokeStyle: color, lineWidth: width });
    context.stroke();
  }
}

/** @param {DrawingSheetData} data @returns {HTMLCanvasElement | null} what lies under the drawing */
function canvasBelow({ photo, sample, shape }) {
  const canvas = document.createElement("canvas");
  if (photo) drawPicture(canvas, photo.rgba, [photo.height, photo.width, 4]);
  else if (sample) drawPicture(canvas, sample, shape);
  return photo || sample ? canvas : null;
}

/** @param {number} share @returns {number} */
const onSheet = (share) => Math.min(1, Math.max(0, share));

/**
 * A line that goes on outside stays at the edge: what nobody sees must not make a digit smaller.
 * @param {Pick<HTMLCanvasElement, "getBoundingClientRect">} canvas
 * @param {Pick<PointerEvent, "clientX" | "clientY">} event
 * @returns {Point}
 */
export function pointOf(canvas, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return { x: onSheet((clientX - left) / width), y: onSheet((clientY - top) / height) };
}

/** One pointer draws at a time. @param {HTMLCanvasElement} canvas @param {(intent: Intent) => void} onIntent */
function hearPointers(canvas, onIntent) {
  /** @type {number | null} */
  let drawing = null;
  canvas.onpointerdown = (event) => {
    if (drawing !== null || event.button !== 0) return;
    drawing = event.pointerId;
    canvas.setPointerCapture(event.pointerId);
    onIntent({ type: "draw_begin", point: pointOf(canvas, event) });
  };
  canvas.onpointermove = (event) => {
    if (event.pointerId !== drawing) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    const points = (moves.length ? moves : [event]).map((move) => pointOf(canvas, move));
    onIntent({ type: "draw_on", points });
  };
  const end = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId === drawing) drawing = null;
  };
  Object.assign(canvas, { onpointerup: end, onpointercancel: end, onlostpointercapture: end });
}

/** @param {HTMLCanvasElement} canvas @param {KeyPen} pen */
function hearKeys(canvas, pen) {
  canvas.onkeydown = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && pen.press(event)) event.preventDefault();
  };
  canvas.onkeyup = ({ key }) => {
    if (key === " ") pen.lift();
  };
  canvas.onblur = () => pen.hide();
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: Intent) => void}} options
 */
export function createDrawingSheetView(root, { onIntent }) {
  const canvas = find(root, "#draw-sheet", HTMLCanvasElement);
  const hint = find(root, "#draw-hint", HTMLElement);
  Object.assign(canvas, { width: side, height: side });
  /** @type {DrawingSheetData | null} */
  let shown = null;
  /** @type {HTMLCanvasElement | null} */
  let below = null;
  const pen = new KeyPen(onIntent, redraw);
  hearPointers(canvas, onIntent);
  hearKeys(canvas, pen);

  function redraw() {
    const context = canvas.getContext("2d");
    if (!context || shown === null) return;
    context.fillStyle = shown.isDark ? "#14181f" : "#ffffff";
    context.fillRect(0, 0, side, side);
    context.imageSmoothingEnabled = shown.photo !== null;
    if (below) context.drawImage(below, 0, 0, side, side);
    drawStrokes(context, shown.strokes, shown.isDark ? "#ffffff" : "#141414");
    if (pen.isShown) drawPen(context, pen);
  }

  const render = whenChanged((/** @type {DrawingSheetData} */ data, before) => {
    const isOther = before?.photo !== data.photo || before?.sample !== data.sample || before?.shape !== data.shape;
    shown = data;
    if (isOther) below = canvasBelow(data);
    hint.hidden = !data.isEmpty;
    hint.dataset.on = data.isDark ? "dark" : "light";
    redraw();
  });
  return { render, destroy() {} };
}
