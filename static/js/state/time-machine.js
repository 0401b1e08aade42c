/** The moments of a run that the page keeps, thinned evenly, and which of them is shown. */

import { stretchOf } from "../core/thinning.js";

/**
 * @typedef {object} KeptFrame
 * @property {number} epoch
 * @property {Float32Array} weights all numbers of the model
 * @property {import("./run-events.js").Metrics | null} metrics of that epoch; null when none were told
 */

/**
 * @typedef {object} TimeMachine
 * @property {string | null} runId whose frames these are
 * @property {readonly KeptFrame[]} frames ascending; the first and the newest always stay
 * @property {readonly number[]} epochs of the frames
 * @property {KeptFrame | null} live what was told last: of an early stop, not the newest epoch but the best
 * @property {number | null} shownEpoch null while the page shows what is told last
 */

/** Nothing kept, nothing chosen. @type {TimeMachine} */
export const noTime = Object.freeze({
  runId: null,
  frames: Object.freeze([]),
  epochs: Object.freeze([]),
  live: null,
  shownEpoch: null,
});

/** Enough to scrub smoothly through; the numbers of a large network take room. */
const mostFrames = 400;
const mostBytes = 24 * 1024 * 1024;

/**
 * @param {number} bytes of one frame
 * @returns {number} how many frames are kept
 */
export function frameLimit(bytes) {
  return Math.max(2, Math.min(mostFrames, Math.floor(mostBytes / Math.max(1, bytes))));
}

/**
 * @param {readonly KeptFrame[]} frames
 * @param {number | null} shownEpoch it stays too
 * @returns {readonly KeptFrame[]} at most as many as are kept, but for the one that is shown
 */
function thinned(frames, shownEpoch) {
  const last = frames.length - 1;
  const limit = frameLimit(frames[last].weights.byteLength);
  if (frames.length <= limit) return frames;
  const stretch = stretchOf(frames[0].epoch, frames[last].epoch, limit);
  const numberOf = (/** @type {number} */ index) => Math.floor(frames[index].epoch / stretch);
  return frames.filter(
    ({ epoch }, index) =>
      index === 0 || index === last || epoch === shownEpoch || numberOf(index) !== numberOf(index - 1),
  );
}

/**
 * @param {readonly KeptFrame[]} frames
 * @param {KeptFrame} frame takes the place of one of the same epoch
 * @returns {KeptFrame[]}
 */
function inserted(frames, frame) {
  const before = frames.filter(({ epoch }) => epoch < frame.epoch);
  return [...before, frame, ...frames.filter(({ epoch }) => epoch > frame.epoch)];
}

/**
 * @param {TimeMachine} machine
 * @param {string} runId frames of another run are forgotten
 * @param {KeptFrame} frame the run's newest
 * @returns {TimeMachine}
 */
export function withFrame(machine, runId, frame) {
  const known = machine.runId === runId ? machine : noTime;
  const frames = thinned(inserted(known.frames, frame), known.shownEpoch);
  return { ...known, runId, frames, epochs: frames.map(({ epoch }) => epoch), live: frame };
}

/**
 * A model is fetched and may come later than frames that are newer.
 * @param {TimeMachine} machine
 * @param {string} runId
 * @param {KeptFrame} frame of the run's model as it was fetched
 * @returns {TimeMachine} the same when that moment is kept already
 */
export function withModel(machine, runId, frame) {
  if (machine.runId !== runId || machine.live === null) return withFrame(machine, runId, frame);
  if (machine.epochs.includes(frame.epoch)) return machine;
  const live = machine.live.epoch > frame.epoch ? machine.live : frame;
  return { ...withFrame(machine, runId, frame), live };
}

/**
 * @param {TimeMachine} machine
 * @returns {KeptFrame | null} what the page shows
 */
export function shownFrame({ frames, live, shownEpoch }) {
  return shownEpoch === null ? live : (frames.find(({ epoch }) => epoch === shownEpoch) ?? live);
}

/**
 * @param {readonly number[]} epochs ascending
 * @param {number} wanted
 * @returns {number} the nearest
 */
function nearest(epochs, wanted) {
  return epochs.reduce((best, epoch) => (Math.abs(epoch - wanted) < Math.abs(best - wanted) ? epoch : best));
}

/**
 * To the nearest kept moment; a wish that is too small to reach the next one goes there nevertheless. The end is live.
 * @param {TimeMachine} machine
 * @param {number} wanted epoch
 * @returns {TimeMachine}
 */
export function travelTo(machine, wanted) {
  const { epochs, shownEpoch } = machine;
  const last = epochs[epochs.length - 1];
  if (epochs.length === 0 || wanted >= last) return atLive(machine);
  const from = shownEpoch ?? last;
  const found = nearest(epochs, wanted);
  if (found === from && wanted !== from) return travelBy(machine, wanted < from ? -1 : 1);
  return found === last ? atLive(machine) : { ...machine, shownEpoch: found };
}

/**
 * @param {TimeMachine} machine
 * @param {-1 | 1} steps from one kept moment to the one before or behind it
 * @returns {TimeMachine}
 */
export function travelBy(machine, steps) {
  const { epochs, shownEpoch } = machine;
  const last = epochs.length - 1;
  const from = shownEpoch === null ? last : epochs.indexOf(shownEpoch);
  const to = Math.max(0, from + steps);
  return to >= last ? atLive(machine) : { ...machine, shownEpoch: epochs[to] };
}

/**
 * @param {TimeMachine} machine
 * @returns {TimeMachine} the same when it is live already
 */
export function atLive(machine) {
  return machine.shownEpoch === null ? machine : { ...machine, shownEpoch: null };
}

/**
 * The row of the curve at an epoch, or the nearest one that is left of it.
 * @param {import("./run-events.js").MetricColumns} history
 * @param {number} wanted epoch
 * @returns {import("./run-events.js").Metrics}
 */
function metricsAt(history, wanted) {
  const { epoch: epochs, step: _step, ...measured } = history;
  const distances = epochs.map((epoch) => Math.abs((epoch ?? Infinity) - wanted));
  const row = distances.reduce((best, distance, index) => (distance < distances[best] ? index : best), 0);
  return Object.fromEntries(Object.entries(measured).map(([name, column]) => [name, column[row] ?? null]));
}

/**
 * The numbers of the moment that is shown.
 * @param {{run: import("./run-reducer.js").Run | null, timeMachine: TimeMachine}} state
 * @returns {{epoch: number, metrics: import("./run-events.js").Metrics, isLive: boolean}}
 */
export function shownMoment({ run, timeMachine }) {
  const { shownEpoch, runId } = timeMachine;
  if (run === null || shownEpoch === null || runId !== run.runId) {
    return { epoch: run?.epoch ?? 0, metrics: run?.metrics ?? {}, isLive: true };
  }
  const told = shownFrame(timeMachine)?.metrics;
  return { epoch: shownEpoch, metrics: told ?? metricsAt(run.history, shownEpoch), isLive: false };
}
