/** The network's answers for the samples, kept fresh for as long as somebody looks at them. */

import { sampleInputs } from "../../core/grid.js";

/**
 * @typedef {import("../page-state.js").PageState} PageState
 * @typedef {import("../../state/time-machine.js").KeptFrame} KeptFrame
 */

/**
 * @typedef {object} EvaluationsOptions
 * @property {import("../../state/store.js").Store<PageState>} store
 * @property {() => Pick<import("../../inference/picture-maker.js").PictureMaker, "evaluate">} maker
 * @property {(delayMs: number) => Promise<void>} wait
 */

/** Nobody reads a table faster than that. */
const restMs = 330;

/**
 * @param {EvaluationsOptions} options
 */
export function createEvaluations({ store, maker, wait }) {
  /** @type {{frame: KeptFrame | null, samples: PageState["samples"]}} */
  let sent = { frame: null, samples: null };
  let isResting = false;
  /** @type {() => KeptFrame | null} */
  let frameOf = () => null;

  /** @param {KeptFrame} frame @param {NonNullable<PageState["samples"]>} samples */
  function ask(frame, samples) {
    const { run } = store.get();
    if (run === null) return;
    sent = { frame, samples };
    const { features } = run.spec;
    maker().evaluate({
      runId: run.runId,
      weights: frame.weights,
      epoch: frame.epoch,
      train: sampleInputs(features, samples.train.features),
      val: sampleInputs(features, samples.val.features),
    });
  }

  function follow() {
    const state = store.get();
    const frame = frameOf();
    const isKnown = frame === sent.frame && state.samples === sent.samples;
    if (isResting || isKnown || frame === null || state.samples === null || state.panel !== "quality") return;
    isResting = true;
    ask(frame, state.samples);
    wait(restMs).then(() => {
      isResting = false;
      follow();
    });
  }

  return {
    /** Called after each change of the state. @param {() => KeptFrame | null} current what the page shows, once it can be asked */
    follow(current) {
      frameOf = current;
      follow();
    },
  };
}
