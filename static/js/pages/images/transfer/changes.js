/** What the intents of transfer learning make of the state. */

import { noAugmentation } from "../../../state/image-spec.js";
import { baseIn } from "./slice.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/** The layers on top of a base when it is chosen first: few, because it has done most of the work. */
export const firstHead = Object.freeze([{ kind: "dropout", rate: 0.2 }]);

/** @param {ImagesState} state @param {Partial<import("./slice.js").TransferSlice>} change */
const sliced = (state, change) => ({ transfer: { ...state.transfer, failure: null, ...change } });

/**
 * @param {ImagesState} state
 * @returns {Partial<ImagesState>} the network stands on the base that is chosen
 */
export function onBase(state) {
  const { spec, transfer } = state;
  const { width, size, unfrozen } = transfer;
  const base = { name: "mobilenet_v2", width, size, unfrozen };
  if (spec.base)
    return { spec: { ...spec, base, augmentation: noAugmentation }, ...sliced(state, { isWanted: false }) };
  const scratch = { layers: spec.layers, augmentation: spec.augmentation };
  const layers = transfer.head ?? firstHead;
  return {
    spec: { ...spec, base, layers, augmentation: noAugmentation },
    networkName: null,
    ...sliced(state, { isWanted: false, scratch }),
  };
}

/** @param {ImagesState} state */
function fromScratch(state) {
  const { spec, transfer } = state;
  if (!spec.base) return sliced(state, { isWanted: false });
  const { scratch } = transfer;
  return {
    spec: { ...spec, base: null, ...(scratch ?? { layers: [{ kind: "flatten" }] }) },
    networkName: null,
    ...sliced(state, { isWanted: false, head: spec.layers }),
  };
}

/** @param {ImagesState} state @param {Partial<import("./slice.js").TransferSlice>} change */
function withChoice(state, change) {
  const changed = { ...state, ...sliced(state, change) };
  const isReady = baseIn(changed.transfer)?.state === "ready";
  if (!state.spec.base && !state.transfer.isWanted) return { transfer: changed.transfer };
  return isReady ? { ...changed, ...onBase(changed) } : { transfer: { ...changed.transfer, isWanted: true } };
}

/** @type {import("../room.js").Changes} */
export const transferChanges = {
  start_from(state, start) {
    if (start === "scratch") return fromScratch(state);
    return baseIn(state.transfer)?.state === "ready" ? onBase(state) : sliced(state, { isWanted: true });
  },
  base_width: (state, width) => withChoice(state, { width: Number(width) }),
  base_size: (state, size) => withChoice(state, { size: Number(size) }),
  unfrozen: (state, unfrozen) => withChoice(state, { unfrozen }),
};
