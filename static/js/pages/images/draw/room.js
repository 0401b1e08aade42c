/** Draw, drop or film, and this very network answers. */

import { sharesOf } from "../../../core/picture-errors.js";
import { createDrawingSheetView } from "../../../views/images/drawing-sheet.js";
import { createPictureAnswerView } from "../../../views/images/picture-answer.js";
import { createPictureSourcesView } from "../../../views/images/picture-sources.js";
import { createSelfCheckView } from "../../../views/self-check-badge.js";
import { isOfRun } from "../is-of-run.js";
import { drawChanges, madeAnew, makingOf } from "./changes.js";
import { answerData, sheetData, sourcesData } from "./view-data.js";

/** @typedef {import("../page-state.js").ImagesState} ImagesState */

/**
 * Asks for the answer to what is seen, whenever it or the network is another one.
 * @param {Pick<import("../room.js").Tools, "store" | "network" | "now">} tools
 */
export function createAnswering({ store, network, now }) {
  /** @type {{picture: Uint8Array | null, version: number}} */
  let asked = { picture: null, version: -1 };

  /** @param {Uint8Array} picture @param {number} outputs */
  async function ask(picture, outputs) {
    const begunAt = now();
    const answers = await network.ask("now", "predict", picture);
    const { draw } = store.get();
    if (!isOfRun(store.get())) return;
    // Newer lines are asked about already; until then this is the newest answer there is.
    if (answers === null || draw.picture === null || draw.picture.length !== picture.length) return;
    const elapsedMs = now() - begunAt;
    store.set({ draw: { ...draw, answer: { shares: sharesOf(answers, outputs), picture, elapsedMs } } });
  }

  return (/** @type {ImagesState} */ state) => {
    const { picture } = state.draw;
    const { model } = state;
    const info = model?.info;
    if (!picture || !model || !info || !isOfRun(state)) return;
    if (picture === asked.picture && model.version === asked.version) return;
    if (info.shape.reduce((product, side) => product * side, 1) !== picture.length) return;
    asked = { picture, version: model.version };
    ask(picture, info.outputs);
  };
}

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createDrawRoom(tools) {
  const { root, store, network, onIntent } = tools;
  const sheet = createDrawingSheetView(root, { onIntent });
  const sources = createPictureSourcesView(root, { onIntent });
  const answer = createPictureAnswerView(root);
  const selfCheck = createSelfCheckView(root);
  const answering = createAnswering(tools);
  const change = (/** @type {any} */ intent) => store.set(drawChanges[intent.type](store.get(), intent));
  return {
    acts: Object.fromEntries(Object.keys(drawChanges).map((type) => [type, change])),
    follow() {
      network.follow();
      const state = store.get();
      if (makingOf(state).key !== state.draw.madeFor) store.set(madeAnew(state));
      else answering(state);
    },
    render(state) {
      sheet.render(sheetData(state));
      sources.render(sourcesData(state));
      answer.render(answerData(state));
      const { translator, model } = state;
      selfCheck.render({ translator, check: model?.check ?? null, failure: model?.failure ?? null, exportUrl: null });
    },
  };
}
