/** Every frame that is told is kept for the time machine; its numbers are read once, here. */

import { decodeWeights } from "../../core/weights.js";
import { withFrame } from "../../state/time-machine.js";

/**
 * @param {import("../../state/store.js").Store<import("../page-state.js").PageState>} store
 */
export function createFrameKeeper(store) {
  /** @type {unknown} */
  let kept = null;

  return {
    /** Called after each change of the state. */
    follow() {
      const { run, timeMachine } = store.get();
      if (!run?.frame || run.frame === kept) return;
      kept = run.frame;
      const { epoch, weights } = run.frame;
      const metrics = run.epoch === epoch ? run.metrics : null;
      const frame = { epoch, weights: decodeWeights(weights), metrics };
      store.set({ timeMachine: withFrame(timeMachine, run.runId, frame) });
    },
  };
}
